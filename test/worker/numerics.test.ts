import { availableParallelism } from 'node:os';
import { afterEach, expect, test, vi } from 'vitest';
import { computingThreads } from '../../worker/numerics.ts';

afterEach(() => void vi.unstubAllEnvs());

test.each([
  ['3', 3],
  ['0', availableParallelism()],
  ['', availableParallelism()],
  ['many', availableParallelism()],
])('told %j, it computes with %d', (told, threads) => {
  vi.stubEnv('TF_NUM_INTRAOP_THREADS', told);
  expect(computingThreads()).toBe(threads);
});
