/** Section 5 on linear models and kernel interpolants (claim D), and Section 2.2 on random signs. */
import type { LedgerRecord } from './record.ts';

type Own = Pick<LedgerRecord, 'id' | 'says' | 'measure' | 'tolerance'> & Partial<LedgerRecord>;

const SHARED = {
  artifact: 'implicit-regularization',
  where: 'Section 5',
  published: null,
  supports: 'D',
  judgedAt: ['paper'],
  seeds: 1,
  openChoices: [],
} satisfies Partial<LedgerRecord>;

/** True of any images, so no data set forbids a verdict. */
const OF_ANY_SAMPLE = { judgedAt: ['quick', 'paper'] } satisfies Partial<LedgerRecord>;

/** Relative to the solution's length. */
export const CLOSE = 1e-3;

/** Of the part outside of the span: some hundred thousand steps of float64's rounding. */
export const IN_SPAN = 1e-9;

/** Of the Hessian, as a part of its largest eigenvalue: the square of what is left of the errors. */
export const SAME_HESSIAN = 1e-6;

/** Nine in ten is chance on ten classes. */
export const NEAR_CHANCE = 0.8;

/** Of a complexity that cannot be above 1. */
export const NEAR_ONE = 0.95;

const RECORDS: Own[] = [
  {
    id: 'implicit-regularization.least-norm',
    says: 'SGD from zero stays in the span of the data and converges to the interpolant of least norm, K α = y.',
    measure:
      'For true and for random labels: the part of the iterate outside of the span, and its distance from the direct solution of the kernel system, relative to the solution’s norm; and where a start elsewhere ends.',
    tolerance: `Distance at most ${CLOSE} and falling: what is left is what the smallest eigenvalues have yet to fit. Outside of the span at most ${IN_SPAN}, rounding. From elsewhere, farther than that.`,
    ...OF_ANY_SAMPLE,
  },
  {
    id: 'implicit-regularization.hessian',
    says: 'The Hessian is the same at all optima of a linear model, and singular: its curvature tells none from another.',
    measure:
      'Spectrum of a loss whose curvature depends on the weights, Σ log cosh, at the ends of SGD from zero and from elsewhere; its rank; its value along the line between them.',
    tolerance: `Rank n of d at both; eigenvalues within ${SAME_HESSIAN} of the largest, the square of what is left of the errors.`,
    ...OF_ANY_SAMPLE,
  },
  {
    id: 'implicit-regularization.interpolants-generalise',
    says: 'Kernel interpolants generalise, although they fit every training image and nothing regularises them.',
    measure:
      'Errors on the training and on the test images, beside those of the same kernel on random labels.',
    tolerance: 'No training error; test error below that of random labels by more than four standard errors.',
    openChoices: ['bandwidth of the kernel'],
  },
  {
    id: 'implicit-regularization.norm-does-not-predict',
    says: 'The norm alone does not predict generalisation: the solution with the larger norm errs half as often.',
    measure: 'Norm and test error of the two solutions.',
    tolerance: 'Both orders as published, by more than two standard errors.',
    openChoices: ['bandwidth of the kernel', 'the wavelets'],
  },
  {
    id: 'implicit-regularization.random-centres',
    says: 'Centres at random points instead of the data give an interpolant that does not generalise, with a larger norm.',
    measure: 'Norm and test error of as many centres of uniform noise as there are training images.',
    tolerance: `No training error, a larger norm than the least, and a test error of ${100 * NEAR_CHANCE} % or more: nine in ten is chance.`,
    openChoices: ['bandwidth of the kernel', 'where the random points are'],
  },
  {
    id: 'implicit-regularization.forced-labels',
    says: 'Random labels forced on the test data give an interpolant that does not generalise, with a larger norm.',
    measure: 'Norm and test error of the least-norm interpolant of training and relabelled test images.',
    tolerance: `No training error, a larger norm than without, and a test error of ${100 * NEAR_CHANCE} % or more: nine in ten is chance.`,
    openChoices: ['bandwidth of the kernel'],
  },
  {
    id: 'implicit-regularization.rademacher',
    where: 'Section 2.2',
    says: 'A model that fits random ±1 labels has an empirical Rademacher complexity of about 1, the most there is.',
    supports: 'A',
    measure:
      'Mean of 2·accuracy − 1 of a kernel machine over draws of the signs, and McDiarmid’s bound from below.',
    tolerance: `At least ${NEAR_ONE} with 95 % confidence.`,
    ...OF_ANY_SAMPLE,
  },
];

export const IMPLICIT_REGULARIZATION_RECORDS = RECORDS.map((own): LedgerRecord => ({ ...SHARED, ...own }));
