/** Numbers may change only with their name: when one of these trainings computes something else, `recipe` in
 *  `Trajectory` is to be raised and `npm run record-recipe` to be run, or stored runs would be taken for what today's code
 *  computes. On a backend that was recorded every bit is held; on another one the data are, and the rest within what
 *  another order of summation does. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadTensorFlow } from '../../activities/tensorflow/load.ts';
import { numericsOf } from '../../worker/numerics.ts';
import { CASES, type Golden, goldenFile, numbersOf, RECIPE, recordedFor } from './trainings.ts';

// Three steps of small batches, with batch norm: rounding of 6e-8 grows more than tenfold a step (see engines.test.ts),
// to 2e-3 of Inception's third loss between AVX2 and AVX-512; bfloat16 keeps 8 bits of mantissa, and one that falls on the
// other side moves a loss by as much.
const WITHIN = {
  float32: { losses: [1e-5, 1e-3, 2e-2], norm: 1e-4 },
  bfloat16: { losses: [1e-2, 5e-2, 5e-2], norm: 1e-3 },
};

const { tf, device, version } = loadTensorFlow();
const golden: Golden | null = existsSync(goldenFile) ? JSON.parse(readFileSync(goldenFile, 'utf8')) : null;

test('the numbers of this recipe are recorded', () => {
  expect(golden, `recipe ${RECIPE} has no recorded numbers: npm run record-recipe`).not.toBeNull();
});

test.each(Object.keys(CASES))('%s computes what its recipe stands for', async (name) => {
  const { exact, trainings } = recordedFor(golden!, numericsOf({ device, version }));
  const recorded = trainings[name]!;
  const now = await numbersOf(tf, name);
  const why = `the numbers changed: raise \`recipe\` in Trajectory (now ${RECIPE}), then npm run record-recipe`;

  expect(now.data, why).toBe(recorded.data);
  const within = WITHIN[CASES[name]!.precision === 'bfloat16' ? 'bfloat16' : 'float32'];
  for (const [step, loss] of recorded.losses.entries())
    expect(Math.abs(now.losses[step]! / loss - 1), why).toBeLessThan(within.losses[step]!);
  expect(Math.abs(now.norm / recorded.norm - 1), why).toBeLessThan(within.norm);
  if (exact) expect(now, why).toEqual(recorded);
});
