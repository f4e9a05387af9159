/** What a training is between two steps, outside its engine. */
import { initialise } from '../models/initialise.ts';
import type { Architecture } from '../models/network.ts';
import type { NamedArrays } from '../tensorflow/named-arrays.ts';
import type { Evaluation } from './convergence.ts';

/** All that a training is after `step` steps. losses: [step], each that of the weights before its step. */
export interface TrainingState {
  step: number;
  weights: NamedArrays;
  momenta: NamedArrays;
  losses: Float32Array;
  evaluations: Evaluation[];
}

/** What the engine does not hold. */
export interface Progress {
  step: number;
  losses: number[];
  evaluations: Evaluation[];
}

export function begin({ variables }: Architecture, seed: number): TrainingState {
  const weights = initialise(variables, seed);
  const momenta = Object.fromEntries(
    Object.entries(weights).map(([name, { shape, data }]) => [
      name,
      { shape, data: new Float32Array(data.length) },
    ]),
  );
  return { step: 0, weights, momenta, losses: new Float32Array(), evaluations: [] };
}
