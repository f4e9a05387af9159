/** All that changes while a training runs, on the device and outside it. */
import { initialise } from '../models/initialise.ts';
import type { Architecture } from '../models/network.ts';
import type { TensorFlow } from '../tensorflow/load.ts';
import { type NamedArrays, toArrays, toTensors } from '../tensorflow/named-arrays.ts';
import type { Evaluation } from './convergence.ts';
import type { Parameters } from './step.ts';

/** All that a training is after `step` steps. losses: [step], each that of the weights before its step. */
export interface TrainingState {
  step: number;
  weights: NamedArrays;
  momenta: NamedArrays;
  losses: Float32Array;
  evaluations: Evaluation[];
}

/** The same on the device. Tensors are replaced, never changed, and the old ones freed. */
export interface Progress extends Parameters {
  step: number;
  losses: number[];
  evaluations: Evaluation[];
}

export function begin(tf: TensorFlow, { variables }: Architecture, seed: number): Progress {
  const weights = toTensors(tf, initialise(variables, seed));
  const momenta = Object.fromEntries(variables.map(({ name, shape }) => [name, tf.zeros(shape)]));
  return { step: 0, weights, momenta, losses: [], evaluations: [] };
}

export function resume(
  tf: TensorFlow,
  { step, weights, momenta, losses, evaluations }: TrainingState,
): Progress {
  return {
    step,
    weights: toTensors(tf, weights),
    momenta: toTensors(tf, momenta),
    losses: [...losses],
    evaluations: [...evaluations],
  };
}

export function snapshot({ step, weights, momenta, losses, evaluations }: Progress): TrainingState {
  return {
    step,
    weights: toArrays(weights),
    momenta: toArrays(momenta),
    losses: Float32Array.from(losses),
    evaluations: [...evaluations],
  };
}
