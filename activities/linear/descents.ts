/** Three descents in step on one sample: true labels and random labels from zero, and true labels from elsewhere. They end
 *  when each is within TOLERANCE of where theory says it goes, or at the budget. On 192 images of 3,072 pixels some 300
 *  epochs of 40 ms. */
import { DescentName, type LinearDescent } from '../contract.ts';
import { CLASSES, countErrors, oneVsAll } from '../kernel/labels.ts';
import { stream } from '../random/stream.ts';
import { labelsFor } from '../theory/labelled-images.ts';
import { type Gram, gramOf, leastNorm, withinSpan } from './least-norm.ts';
import { beside, columnsOf, length, outputsOf, whitenedSample } from './sample.ts';
import { learningRate, type SgdState, sgd } from './sgd.ts';

/** In the order of their columns, ten each. */
const DESCENTS = DescentName.options;

/** Of the distance to the limit, relative to the least-norm solution: a tenth of what the verdict asks for. */
export const TOLERANCE = 1e-4;

/** Epochs: images so much alike that these are not enough are shown as far as they came. */
const BUDGET = 4000;

/** The paper's own form, w ← w − η·eᵢ·xᵢ: one example a step. */
const BATCH_SIZE = 1;

export interface Images {
  /** uint8 [n, d] */
  images: Uint8Array;
  /** uint8 [n] */
  labels: Uint8Array;
}

export interface Setting {
  d: number;
  train: Images;
  test: Images;
  seed: number;
  /** Epochs; other than BUDGET in tests. */
  budget?: number;
}

type Looks = LinearDescent['looks'];

export interface DescentState extends SgdState {
  looks: Looks;
}

export interface Descent {
  gram: Gram;
  rate: number;
  test: Images;
  labels: Record<DescentName, ArrayLike<number>>;
  start: DescentState;
  /** Every state after the one it goes on from, to the last. The weights are the next state's too. */
  from(state: DescentState): Generator<DescentState, void>;
}

/** Fails with InvalidInput where some labels of the images would have no interpolant. */
export function descentOf({ d, train, test, seed, budget = BUDGET }: Setting): Descent {
  const sample = whitenedSample(train.images, d);
  const gram = gramOf(sample);
  const random = labelsFor('random', { ...train, d }, seed);
  const labels = { true: train.labels, random, elsewhere: train.labels };
  const y = beside(
    sample.n,
    DESCENTS.map((name) => oneVsAll(labels[name])),
  );
  const rate = learningRate(gram, BATCH_SIZE);
  const nothing = new Float64Array(d * CLASSES);
  const elsewhere = randomStart(leastNorm(gram, oneVsAll(train.labels)), seed);
  const weights = beside(d, [nothing, nothing, elsewhere]);
  const lookAt = looker(gram, labels, elsewhere);
  const done = ({ epoch, looks }: DescentState) =>
    epoch >= budget || DESCENTS.every((name) => looks.at(-1)![name].distanceToLimit <= TOLERANCE);
  return {
    gram,
    rate,
    test,
    labels,
    start: { epoch: 0, weights, looks: [lookAt(0, weights)] },
    *from(state) {
      let { looks } = state;
      if (done(state)) return;
      for (const { epoch, weights } of sgd({ sample, y, rate, batchSize: BATCH_SIZE, seed }, state)) {
        if (isLookedAt(epoch, budget)) looks = [...looks, lookAt(epoch, weights)];
        yield { epoch, weights, looks };
        if (done({ epoch, weights, looks })) return;
      }
    },
  };
}

/** About fifteen a decade, the same whichever epoch it goes on from. */
const isLookedAt = (epoch: number, budget: number) =>
  epoch === budget || Math.floor(15 * Math.log10(epoch)) > Math.floor(15 * Math.log10(epoch - 1));

/** float64 [d, 10] of one of them. */
export const weightsOf = (name: DescentName, weights: Float64Array) =>
  columnsOf(weights, CLASSES * DESCENTS.length, { first: CLASSES * DESCENTS.indexOf(name), count: CLASSES });

function looker(gram: Gram, labels: Descent['labels'], elsewhere: Float64Array) {
  const offSpan = (weights: Float64Array) => difference(weights, withinSpan(gram, weights));
  const stays = offSpan(elsewhere);
  const solutions = {
    true: leastNorm(gram, oneVsAll(labels.true)),
    random: leastNorm(gram, oneVsAll(labels.random)),
    elsewhere: leastNorm(gram, oneVsAll(labels.elsewhere)),
  };
  const lookOf = (name: DescentName, all: Float64Array) => {
    const weights = weightsOf(name, all);
    const solution = solutions[name];
    const away = difference(weights, solution);
    const relative = (vector: Float64Array) => length(vector) / length(solution);
    return {
      distance: relative(away),
      distanceToLimit: relative(name === 'elsewhere' ? difference(away, stays) : away),
      offSpan: relative(offSpan(weights)),
      errors: countErrors(outputsOf(gram.sample, weights), labels[name]),
    };
  };
  return (epoch: number, weights: Float64Array): Looks[number] => ({
    epoch,
    step: Math.ceil(gram.sample.n / BATCH_SIZE) * epoch,
    true: lookOf('true', weights),
    random: lookOf('random', weights),
    elsewhere: lookOf('elsewhere', weights),
  });
}

/** Normal numbers, as long together as the solution. */
function randomStart(solution: Float64Array, seed: number): Float64Array {
  const { normal } = stream(seed, 'linear-start');
  const start = solution.map(() => normal());
  const scale = length(solution) / length(start);
  return start.map((value) => scale * value);
}

const difference = (a: Float64Array, b: Float64Array) => a.map((value, i) => value - b[i]!);
