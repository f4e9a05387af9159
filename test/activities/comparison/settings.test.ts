import { expect, test } from 'vitest';
import { differencesOf, inWords } from '../../../activities/comparison/settings.ts';
import { bound } from '../plan/generated-runs.ts';

test('settings differ field by field; a field that is left out is at its default', () => {
  const differences = differencesOf(
    bound().run.trajectory,
    bound({ seed: 2, corruption: { labels: 0.5, pixels: 'intact' } }).run.trajectory,
  );

  expect(differences.map(inWords).sort()).toEqual([
    'corruption.labels 0 → 0.5',
    'corruption.seed 1 → 2',
    'seed 1 → 2',
  ]);
});

test('a default reads as what it means', () => {
  expect(inWords({ field: 'trainImages', one: 512, other: null })).toBe('trainImages 512 → all');
  expect(inWords({ field: 'stop.when', one: null, other: 'fitted' })).toBe('stop.when none → fitted');
});

test('a list is one field', () => {
  expect(differencesOf({ seeds: [1] }, { seeds: [1, 2] })).toEqual([
    { field: 'seeds', one: [1], other: [1, 2] },
  ]);
});
