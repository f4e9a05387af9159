/** Kernel machines (Section 5): what is solved, how its open choices were made, and what it came to. */
import { z } from 'zod';
import { DatasetId, ObjectRef, Seed } from './runs.ts';

/** γ of exp(−γ‖x − x'‖²). */
const Gamma = z.number().positive();

/** See kernel/gabor.ts. */
const GaborBank = z.strictObject({
  orientations: z.int().positive(),
  wavelengths: z.array(z.number().positive()).min(1),
  width: z.number().positive(),
  window: z.int().positive(),
});

/** What an image is to the kernel: pixels / 255 or magnitudes of wavelets under a Gaussian kernel, or features of
 *  random filters under their inner product. */
export const KernelFeatures = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('pixels'), gamma: Gamma }),
  z.strictObject({ kind: z.literal('gabor'), bank: GaborBank, gamma: Gamma }),
  z.strictObject({ kind: z.literal('random-filters'), filters: z.int().positive(), seed: Seed }),
]);
export type KernelFeatures = z.infer<typeof KernelFeatures>;

/** The images of a system. grey-centre: the centre 28×28 pixels, the mean of their channels, of generated images that
 *  stand for digits. */
export const KernelImages = z.strictObject({
  dataset: DatasetId,
  view: z.enum(['whole', 'grey-centre']),
});
export type KernelImages = z.infer<typeof KernelImages>;

/** (K + λI) α = y but for λ; the first so many images of each split in canonical order. */
export const KernelSystem = KernelImages.extend({
  /** Raised when a change of code changes numbers. */
  recipe: z.literal(1),
  trainImages: z.int().min(10),
  testImages: z.int().min(10),
  features: KernelFeatures,
});
export type KernelSystem = z.infer<typeof KernelSystem>;

/** A choice that the paper leaves open. filters, seed: of the random net, whose λ is chosen. */
export const ChoiceRequest = KernelImages.extend({
  recipe: z.literal(1),
  /** First training images; the test images are not looked at. */
  images: z.int().min(10),
  of: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('pixels') }),
    z.strictObject({ kind: z.literal('gabor') }),
    z.strictObject({ kind: z.literal('random-filters'), filters: z.int().positive(), seed: Seed }),
  ]),
});
export type ChoiceRequest = z.infer<typeof ChoiceRequest>;

export const KernelCandidate = z.strictObject({
  name: z.string(),
  features: KernelFeatures,
  l2: z.number().min(0),
  /** Of leave-one-out on the training images; null where the kernel matrix is singular in float64. */
  errors: z.int().nonnegative().nullable(),
});
export type KernelCandidate = z.infer<typeof KernelCandidate>;

/** How a choice was made: of the candidates the one with the fewest errors, the first of equals. */
export const KernelChoice = z.strictObject({
  id: z.string(),
  images: z.int(),
  candidates: z.array(KernelCandidate),
  chosen: KernelCandidate,
});
export type KernelChoice = z.infer<typeof KernelChoice>;

/** What a system came to with one λ, the same bytes whoever computes it on the same CPU backend. */
export const KernelSolution = z.strictObject({
  id: z.string(),
  system: KernelSystem,
  l2: z.number().min(0),
  iterations: z.int().nonnegative(),
  /** The largest ‖y − (K + λI)α‖ / ‖y‖ over the ten outputs. */
  residual: z.number(),
  /** Of Kα on the training images, and of the solution on the test images. */
  trainErrors: z.int().nonnegative(),
  testErrors: z.int().nonnegative(),
  /** √(tr αᵀKα) over all ten outputs, for labels ±1 and 0/1. */
  norm: z.strictObject({ plusMinusOne: z.number(), zeroOne: z.number() }),
  /** float64 [n, 10], of labels ±1 */
  alpha: ObjectRef,
});
export type KernelSolution = z.infer<typeof KernelSolution>;

/** What it took: kernel matrix and solution, of all attempts as far as their work was kept; memory of the last. */
export const SolvingTime = z.strictObject({
  seconds: z.number(),
  threads: z.int(),
  memoryBytes: z.number(),
  device: z.string(),
});
export type SolvingTime = z.infer<typeof SolvingTime>;

export const SolvedKernel = KernelSolution.extend({ time: SolvingTime, provenance: ObjectRef });
export type SolvedKernel = z.infer<typeof SolvedKernel>;
