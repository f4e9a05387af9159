/** Two finished runs: settings, numbers, curves, weights, and what they were computed with. */
import { type Outcome, Run } from '../contract.ts';
import { Failure } from '../failure/failure.ts';
import { type Origin, readOrigin } from '../provenance/origin.ts';
import * as keys from '../store/keys.ts';
import { lookAtOutcome } from '../store/outcomes.ts';
import type { Store } from '../store/store.ts';
import { decodeSafetensors } from '../tensorflow/safetensors.ts';
import { type CurveComparison, compareCurves } from './curves.ts';
import { type Difference, differencesOf } from './settings.ts';
import { compareWeights, type WeightComparison } from './weights.ts';

export interface RunComparison {
  settings: Difference[];
  /** Steps, accuracies in per cent, first steps at each threshold. */
  numbers: Difference[];
  /** Versions, device, machine. */
  computedWith: Difference[];
  /** Null: byte for byte the same. */
  curve: CurveComparison | null;
  weights: WeightComparison | null;
}

interface Finished {
  run: Run;
  outcome: Outcome;
  origin: Origin;
}

export async function compareRuns(store: Store, ids: [RunIds, RunIds]): Promise<RunComparison> {
  const [one, other] = await Promise.all(ids.map((id) => readRun(store, id)));
  if (!one || !other) throw new Error('two runs are compared');
  const same = (part: 'curve' | 'weights') => one.outcome[part].sha256 === other.outcome[part].sha256;
  const textOf = async ({ outcome }: Finished) => (await store.get(outcome.curve)).toString();
  const arraysOf = async ({ outcome }: Finished) =>
    decodeSafetensors(await store.get(outcome.weights)).arrays;
  return {
    settings: differencesOf(settingsOf(one.run), settingsOf(other.run)),
    numbers: differencesOf(numbersOf(one.outcome), numbersOf(other.outcome)),
    computedWith: differencesOf(computedWith(one.origin), computedWith(other.origin)),
    curve: same('curve') ? null : compareCurves(await textOf(one), await textOf(other)),
    weights: same('weights') ? null : compareWeights(await arraysOf(one), await arraysOf(other)),
  };
}

type RunIds = Pick<Outcome, 'id' | 'trajectoryId'>;

/** Fails with InvalidInput when the run has not ended, with ObjectDamaged when it is not whole. */
export async function readRun(store: Store, ids: RunIds): Promise<Finished> {
  const { outcome, damaged } = await lookAtOutcome(store, ids);
  if (damaged.length > 0) {
    throw new Failure(
      'ObjectDamaged',
      `Run ${ids.id} is damaged (${damaged.join(', ')}): the command that trained it trains it again.`,
    );
  }
  const crate = await store.read(keys.runProvenance(ids));
  const origin = crate && readOrigin(crate.bytes);
  if (!outcome || !origin) {
    throw new Failure('InvalidInput', `Run ${ids.id} has not ended: there is nothing of it to look at yet.`);
  }
  const { parameters } = origin;
  const run = Run.parse({ trajectory: parameters.get('trajectory'), stop: parameters.get('stop') });
  return { run, outcome, origin };
}

const settingsOf = ({ trajectory, stop }: Run) => ({ ...trajectory, stop });

export const percent = ({ correct, images }: { correct: number; images: number }) =>
  Number(((100 * correct) / images).toFixed(4));

const numbersOf = ({ steps, stopped, firstStepAt, loss, train, test, augmented }: Outcome) => ({
  steps,
  stopped,
  'loss at the end': loss.mean,
  'train %': percent(train),
  'test %': percent(test),
  ...(augmented && { 'augmented %': percent(augmented) }),
  ...Object.fromEntries(Object.entries(firstStepAt).map(([at, step]) => [`first step at ${at} %`, step])),
});

export const computedWith = ({ software, device, machine }: Origin) => ({
  ...Object.fromEntries(software),
  device,
  machine,
});
