/** Section 5 on one data set: descents of a linear model, and interpolants of kernel machines. */
import { z } from 'zod';
import { ObjectRef } from './runs.ts';

const Look = z.strictObject({
  /** ‖W − W*‖ / ‖W*‖, with W* the least-norm solution for the labels that it is trained on. */
  distance: z.number(),
  /** Of what lies outside of the span of the data, likewise relative to W*. */
  offSpan: z.number(),
  /** ‖W − W* − the start's part outside of the span‖ / ‖W*‖ */
  distanceToLimit: z.number(),
  /** Training points whose largest output is not at their label. */
  errors: z.int(),
});

/** True and random labels from zero, and true labels from a random start. */
export const DescentName = z.enum(['true', 'random', 'elsewhere']);
export type DescentName = z.infer<typeof DescentName>;

/** Where two interpolants of the same labels lie, and the Hessian of a loss there. */
export const OptimaNumbers = z.strictObject({
  /** Rows of the Hessian of one output. */
  dimensions: z.int(),
  /** Eigenvalues above rounding, at either. */
  ranks: z.tuple([z.int(), z.int()]),
  /** Of the first output, largest first, without the d − n that are 0 by its rank. */
  spectra: z.tuple([z.array(z.number()), z.array(z.number())]),
  /** Largest difference of an eigenvalue between the two, over all outputs, relative to the largest eigenvalue. */
  difference: z.number(),
  /** The same between an optimum and no weights at all: the loss does bend differently elsewhere. */
  differenceAtZero: z.number(),
  /** ‖Hv‖ / (λ₁·‖v‖) along the line v between the two. */
  alongTheLine: z.number(),
  /** Distance of the two, relative to the first's norm. */
  apart: z.number(),
});
export type OptimaNumbers = z.infer<typeof OptimaNumbers>;

/** How often an interpolant is wrong, and how long it is: a row of the table. */
export const Interpolant = z.strictObject({
  name: z.enum([
    'linear',
    'linear-elsewhere',
    'linear-random-labels',
    'kernel',
    'kernel-gabor',
    'kernel-random-labels',
    'kernel-random-centres',
    'kernel-forced-labels',
  ]),
  /** Of the weights, or in the kernel's space; over all ten outputs, of ±1 labels. */
  norm: z.number(),
  /** Points that it was fitted to, and at how many its largest output is not at its label. */
  train: z.strictObject({ errors: z.int(), images: z.int() }),
  /** On the test images, by their own labels. */
  test: z.strictObject({ errors: z.int(), images: z.int() }),
  /** Of kernels. */
  gamma: z.number().nullable(),
});
export type Interpolant = z.infer<typeof Interpolant>;
export type InterpolantName = Interpolant['name'];

/** What the descents came to: `descent.json`. */
export const LinearDescent = z.strictObject({
  n: z.int().positive(),
  d: z.int().positive(),
  /** 1/λ, see linear/sgd.ts. */
  learningRate: z.number(),
  looks: z.array(
    z.strictObject({ epoch: z.int(), step: z.int(), true: Look, random: Look, elsewhere: Look }),
  ),
  optima: OptimaNumbers,
  /** Of the three descents, as they ended. */
  interpolants: z.array(Interpolant),
});
export type LinearDescent = z.infer<typeof LinearDescent>;

/** The descents, in open formats. */
export const DescendedLinear = z.strictObject({
  folder: z.string(),
  /** LinearDescent */
  numbers: ObjectRef,
  provenance: ObjectRef,
  interpolants: z.array(Interpolant),
  points: z.strictObject({ count: z.int(), dimensions: z.int() }),
});
export type DescendedLinear = z.infer<typeof DescendedLinear>;

/** A bandwidth, and wavelets, chosen on training images alone. */
export const BandwidthChoice = z.strictObject({
  features: z.enum(['pixels', 'gabor']),
  /** Null of pixels; lengths in pixels, `width` in wavelengths. */
  bank: z
    .strictObject({
      orientations: z.int(),
      wavelengths: z.array(z.number()),
      width: z.number(),
      window: z.int(),
    })
    .nullable(),
  gamma: z.number().positive(),
  /** Of leaving out each of the first images in turn. */
  errors: z.int(),
  images: z.int(),
});
export type BandwidthChoice = z.infer<typeof BandwidthChoice>;

/** Section 2.2: draws of ±1 labels that a kernel machine was fitted to. */
export const RandomSigns = z.strictObject({
  /** Training accuracy of each draw, in [0, 1]. */
  accuracies: z.array(z.number()),
  points: z.int(),
  /** Of the empirical Rademacher complexity: mean of 2A − 1, and what it is at least with 95 % confidence. */
  estimate: z.number(),
  atLeast: z.number(),
});
export type RandomSigns = z.infer<typeof RandomSigns>;

/** Kernel machines on one data set. */
export const FittedInterpolants = z.strictObject({
  folder: z.string(),
  /** All of this, as JSON. */
  numbers: ObjectRef,
  provenance: ObjectRef,
  choices: z.array(BandwidthChoice),
  interpolants: z.array(Interpolant),
  signs: RandomSigns,
});
export type FittedInterpolants = z.infer<typeof FittedInterpolants>;
