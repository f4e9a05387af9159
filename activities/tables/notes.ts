/** What stands below the tables: choices that the paper leaves open. */
import type { TableRun, Verdict } from '../contract.ts';
import { distinct } from '../drawing/stamp.ts';

export const verdictOf = (verdicts: Verdict[], claim: string): Verdict =>
  verdicts.find((verdict) => verdict.claim === claim)!;

export function coefficientNote(runs: TableRun[]): string {
  const coefficients = distinct(runs.map(({ planned }) => planned.run.trajectory.optimizer.weightDecay));
  const used = coefficients.filter((coefficient) => coefficient > 0).sort((one, other) => one - other);
  return (
    `Weight decay: λ/2·‖w‖² over kernels, not over biases and shifts, with λ = ${used.join(', ') || '–'}. ` +
    'The paper took each model’s default and does not print it; 5e-4 is usual on CIFAR-10.'
  );
}

/** Of runs that have no outcome. */
export function failureNotes(runs: TableRun[]): string[] {
  const failed = runs.filter(({ outcome }) => outcome === null);
  if (failed.length === 0) return [];
  const sentences = failed.map(
    ({ row, planned, failure }) =>
      `${row}, seed ${planned.run.trajectory.seed}: ${failure?.message ?? 'not run.'}`,
  );
  return [`Without an outcome: ${sentences.join(' ')}`];
}

export function batchNote(runs: TableRun[]): string {
  const sizes = distinct(runs.map(({ planned }) => planned.run.trajectory.batchSize)).sort(
    (one, other) => one - other,
  );
  return `Batches of ${sizes.join(' and ')} images (open in the paper; the MLPs train with 64). A single seed says nothing of the spread.`;
}

export const CROP_NOTE =
  'Crop: a random window of 28×28 of the 32×32 pixels at every step, without padding, whitened after it; training and ' +
  'test accuracy are those of centre crops. Plus or minus: standard deviation over seeds.';

export const AUGMENTATION_NOTES = [
  'AlexNet’s line depends on the coefficient, which the paper does not print: three of them are tried; 0.004 on dense ' +
    'layers is that of TensorFlow’s CIFAR-10 tutorial. Failed to converge: an accuracy below 20 % ' +
    'when the budget is spent; the loss includes the penalty.',
  'Where images are augmented the learning rate decays by 0.999 an epoch, and the accuracy is that of the last weights ' +
    'over one epoch of augmented images; the paper’s seems to be a running average of the training batches. All ' +
    'augmentation: crop, flip from left to right, rotation by up to 25 degrees, in our reading.',
];

export const IMAGENET_NOTES = [
  'In brackets: the best evaluated test accuracy along the training; the paper has it for two rows.',
  'The paper trained with 50 asynchronous workers and does not print its hyper-parameters. Ours: momentum 0.9, learning ' +
    'rate 0.045 times 0.94 every two epochs, batches of 32, weight decay 4e-5, dropout 0.2, no label smoothing, the last ' +
    'weights.',
];
