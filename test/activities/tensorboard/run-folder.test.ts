import { expect, test } from 'vitest';
import { runFolder } from '../../../activities/tensorboard/run-folder.ts';
import { bound } from '../plan/generated-runs.ts';

test.each([
  [{}, 'true-labels'],
  [{ corruption: { labels: 1, pixels: 'intact' } }, 'random-labels'],
  [{ corruption: { labels: 0.3, pixels: 'intact' } }, '30-percent-random-labels'],
  [{ corruption: { labels: 0, pixels: 'shuffled' } }, 'shuffled-pixels'],
  [{ corruption: { labels: 0, pixels: 'gaussian' } }, 'gaussian'],
  [{ corruption: { labels: 1, pixels: 'random' } }, 'random-pixels-random-labels'],
] as const)('a run is found by its model, %o, and its id', (changes, condition) => {
  const planned = bound(changes);
  const id = planned.id.slice(0, 8);
  expect(runFolder(planned)).toBe(`mlp-1x512/${condition}/64-images-seed-1-${id}`);
});
