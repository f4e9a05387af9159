/** A training's state as one safetensors file, from which it goes on bit for bit:
 *    weights/<variable>, momenta/<variable>, curve/loss [steps]; metadata: format, trajectory, step, evaluations,
 *  computed_on. */
import { z } from 'zod';
import { Outcome } from '../contract.ts';
import { Failure } from '../failure/failure.ts';
import { Stretch } from '../provenance/numerics.ts';
import type { NamedArrays } from '../tensorflow/named-arrays.ts';
import { decodeSafetensors, encodeSafetensors } from '../tensorflow/safetensors.ts';
import type { Evaluation } from './convergence.ts';
import type { TrainingState } from './state.ts';

/** Raised when the layout changes. */
const FORMAT = 'training-state-1';

const Accuracy = Outcome.shape.train;

const Evaluations: z.ZodType<Evaluation[]> = z.array(
  z.strictObject({
    step: z.int().positive(),
    train: Accuracy,
    test: Accuracy,
    wholeTrain: Accuracy.nullable(),
  }),
);

/** What a stored state was computed on, in order. */
export interface StoredState extends TrainingState {
  computedOn: Stretch[];
}

export function encodeCheckpoint(
  trajectoryId: string,
  state: TrainingState,
  computedOn: Stretch[] = [],
): Buffer {
  return encodeSafetensors(
    {
      ...under('weights/', state.weights),
      ...under('momenta/', state.momenta),
      'curve/loss': { shape: [state.losses.length], data: state.losses },
    },
    {
      format: FORMAT,
      trajectory: trajectoryId,
      step: String(state.step),
      evaluations: JSON.stringify(state.evaluations),
      computed_on: JSON.stringify(computedOn),
    },
  );
}

/** Fails with ObjectDamaged when the bytes are not a whole state of this trajectory in today's format. */
export function decodeCheckpoint(trajectoryId: string, bytes: Uint8Array): StoredState {
  const { arrays, metadata } = decodeSafetensors(bytes);
  // Checkpoints from before it was recorded have no `computed_on`.
  const { format, trajectory, step, evaluations = '', computed_on: computedOn = '[]' } = metadata;
  const curve = arrays['curve/loss'];
  if (format !== FORMAT || trajectory !== trajectoryId || curve?.data.length !== Number(step)) {
    throw new Failure(
      'ObjectDamaged',
      `The checkpoint is ${format} of trajectory ${trajectory} at step ${step} with ${curve?.data.length} losses, ` +
        `expected ${FORMAT} of ${trajectoryId} with a loss a step: it cannot be gone on from.`,
    );
  }
  return {
    step: Number(step),
    weights: below('weights/', arrays),
    momenta: below('momenta/', arrays),
    losses: curve.data,
    evaluations: Evaluations.parse(JSON.parse(evaluations)),
    computedOn: z.array(Stretch).parse(JSON.parse(computedOn)),
  };
}

const under = (folder: string, arrays: NamedArrays): NamedArrays =>
  Object.fromEntries(Object.entries(arrays).map(([name, array]) => [folder + name, array]));

const below = (folder: string, arrays: NamedArrays): NamedArrays =>
  Object.fromEntries(
    Object.entries(arrays)
      .filter(([name]) => name.startsWith(folder))
      .map(([name, array]) => [name.slice(folder.length), array]),
  );
