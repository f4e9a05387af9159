/** What is measured where the descents end: their interpolants, and the Hessian at two of them. */
import { DescentName, type Interpolant, type LinearDescent } from '../contract.ts';
import { countErrors, oneVsAll } from '../kernel/labels.ts';
import { type Descent, type DescentState, weightsOf } from './descents.ts';
import { compareOptima } from './optima.ts';
import { length, outputsOf, whitenedSample } from './sample.ts';

const NAMES = {
  true: 'linear',
  random: 'linear-random-labels',
  elsewhere: 'linear-elsewhere',
} as const satisfies Record<DescentName, Interpolant['name']>;

export function measureDescents(
  { gram, rate, test, labels }: Descent,
  { weights: all, looks }: DescentState,
): { numbers: LinearDescent; weights: Record<DescentName, Float64Array> } {
  const { n, d } = gram.sample;
  const weights = {
    true: weightsOf('true', all),
    random: weightsOf('random', all),
    elsewhere: weightsOf('elsewhere', all),
  };
  const others = whitenedSample(test.images, d);
  const interpolants = DescentName.options.map((name) => ({
    name: NAMES[name],
    norm: length(weights[name]),
    train: { errors: looks.at(-1)![name].errors, images: n },
    test: { errors: countErrors(outputsOf(others, weights[name]), test.labels), images: others.n },
    gamma: null,
  }));
  const optima = compareOptima(gram, {
    one: weights.true,
    other: weights.elsewhere,
    y: oneVsAll(labels.true),
  });
  return { numbers: { n, d, learningRate: rate, looks, optima, interpolants }, weights };
}
