/** The sample of recorded.py, and what is recorded there. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { whitenedSample } from '../../../activities/linear/sample.ts';

export const [N, D, TESTS] = [12, 40, 7];

/** uint8 [count, D] */
export const pixels = (count: number, first: number): Uint8Array =>
  Uint8Array.from({ length: count * D }, (_, at) => {
    const [i, j] = [first + Math.floor(at / D), at % D];
    return i * i * 31 + j * 47 + i * j * 13 + j * j * 5;
  });

export const labels = Uint8Array.from({ length: N }, (_, i) => (i * 7) % 10);
export const testLabels = Uint8Array.from({ length: TESTS }, (_, i) => i % 10);

export const images = { train: pixels(N, 0), test: pixels(TESTS, 100) };

export const sample = whitenedSample(images.train, D);

const numbers = z.array(z.number());

/** NumPy's and SciPy's numbers. */
export const recorded = z
  .strictObject({
    linear: z.strictObject({
      largestEigenvalue: z.number(),
      leastNorm: z.number(),
      leastNormRow5: numbers,
      fullGradientRow5: numbers,
      elsewhereRow5: numbers,
      hessian: numbers,
    }),
    kernel: z.strictObject({
      gamma: z.number(),
      norm: z.number(),
      testErrors: z.int(),
      outputs: numbers,
    }),
  })
  .parse(JSON.parse(readFileSync(new URL('recorded.json', import.meta.url), 'utf8')));

/** Row 5 of float64 [D, 10]. */
export const row5 = (weights: Float64Array) => [...weights.subarray(50, 60)];
