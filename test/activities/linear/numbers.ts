/** Numbers of linear models and kernel machines on MNIST as they might come out. */
import type { Interpolant, LinearDescent, OfLinearModels } from '../../../activities/contract.ts';
import { cifar10 } from '../verdicts/synthetic.ts';

type Look = LinearDescent['looks'][number]['true'];

const look = (distance: number, changes: Partial<Look> = {}): Look => ({
  distance,
  distanceToLimit: distance,
  offSpan: 1e-14,
  errors: 0,
  ...changes,
});

const elsewhere = (distanceToLimit: number): Look => look(0.9, { distanceToLimit, offSpan: 0.9 });

export const descent: LinearDescent = {
  n: 3,
  d: 784,
  learningRate: 0.00128,
  looks: [
    {
      epoch: 0,
      step: 0,
      true: look(1, { errors: 3 }),
      random: look(1, { errors: 3 }),
      elsewhere: elsewhere(1),
    },
    { epoch: 10, step: 30, true: look(0.1), random: look(0.2), elsewhere: elsewhere(0.1) },
    { epoch: 90, step: 270, true: look(8e-5), random: look(9e-5), elsewhere: elsewhere(8e-5) },
  ],
  optima: {
    dimensions: 784,
    ranks: [3, 3],
    spectra: [
      [100, 10, 1],
      [100, 10, 1],
    ],
    difference: 1e-10,
    differenceAtZero: 0.58,
    alongTheLine: 1e-8,
    apart: 0.9,
  },
  interpolants: [],
};

const row = (name: Interpolant['name'], norm: number, errors: number): Interpolant => ({
  name,
  norm,
  train: { errors: 0, images: 5000 },
  test: { errors, images: 10_000 },
  gamma: name.startsWith('kernel') ? 0.02 : null,
});

const ref = { key: 'linear/descent/0/descent.json', sha256: '0'.repeat(64), bytes: 1 };

export const mnist = {
  ...cifar10,
  id: { name: 'mnist', sha256: '0'.repeat(64) },
  form: 'idx',
  title: 'MNIST',
  train: { ...cifar10.train, count: 60_000 },
} satisfies OfLinearModels['dataset'];

export const request: OfLinearModels = {
  profile: 'paper',
  dataset: mnist,
  seed: 7,
  descent: {
    folder: 'linear/descent/0',
    numbers: ref,
    provenance: ref,
    interpolants: [
      row('linear', 0.7, 3860),
      row('linear-random-labels', 1.1, 9050),
      row('linear-elsewhere', 1, 4070),
    ],
    points: { count: 3, dimensions: 784 },
  },
  machines: {
    folder: 'linear/interpolants/0',
    numbers: ref,
    provenance: ref,
    choices: [
      { features: 'pixels', bank: null, gamma: 0.0192, errors: 62, images: 1000 },
      {
        features: 'gabor',
        bank: { orientations: 8, wavelengths: [4, 8], width: 0.4, window: 6 },
        gamma: 0.002,
        errors: 21,
        images: 1000,
      },
    ],
    interpolants: [
      row('kernel', 90, 250),
      row('kernel-gabor', 180, 120),
      row('kernel-random-labels', 400, 9010),
      row('kernel-random-centres', 1.5e6, 8700),
      row('kernel-forced-labels', 430, 8990),
    ],
    signs: { accuracies: Array(10).fill(1), points: 5000, estimate: 1, atLeast: 0.989 },
  },
};
