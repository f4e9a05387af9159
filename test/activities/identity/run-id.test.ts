import { expect, test } from 'vitest';
import type { Regularization, UnboundRun } from '../../../activities/contract.ts';
import { expectOwnRecipe, planRun, unsaltedId } from '../../../activities/identity/run-id.ts';
import { PROFILES } from '../../../workflows/profiles.ts';
import { recipe, TRUE_LABELS, UNREGULARIZED } from '../../../workflows/recipe.ts';

const dataset = { name: 'procedural', sha256: '0'.repeat(64) } as const;
const asked = { model: 'mlp-1x512', corruption: TRUE_LABELS, seed: 1 } as const;
const run = recipe(PROFILES.smoke, asked);
const withStop = (stop: Partial<UnboundRun['stop']>): UnboundRun => ({
  ...run,
  stop: { ...run.stop, ...stop },
});

test('ids are golden: a change of code that moves them orphans every stored run', () => {
  const { id, trajectoryId } = planRun(dataset, run);
  expect({ id, trajectoryId }).toMatchInlineSnapshot(`
    {
      "id": "171cbead6895c09505aa",
      "trajectoryId": "29f9379126682005b65a",
    }
  `);
});

test('where a run stops changes its id and not its trajectory', () => {
  const short = planRun(dataset, withStop({ steps: 30 }));
  const long = planRun(dataset, withStop({ steps: 60 }));
  expect(long.trajectoryId).toBe(short.trajectoryId);
  expect(long.id).not.toBe(short.id);
});

const regularized: Regularization[] = [
  { ...UNREGULARIZED, weightDecay: 5e-4 },
  { ...UNREGULARIZED, weightDecay: 5e-4, decayed: 'dense-kernels' },
  { ...UNREGULARIZED, dropout: 0.2 },
  { ...UNREGULARIZED, augmentation: { crop: true, flip: false, rotate: false } },
  { ...UNREGULARIZED, augmentation: { crop: true, flip: false, rotate: true } },
];

test('the data set, the seed, the corruption, the precision and every regulariser change the trajectory', () => {
  const ids = [
    planRun(dataset, run),
    planRun({ ...dataset, sha256: '1'.repeat(64) }, run),
    planRun(dataset, recipe(PROFILES.smoke, { model: 'mlp-1x512', corruption: TRUE_LABELS, seed: 2 })),
    planRun(
      dataset,
      recipe(PROFILES.smoke, { model: 'mlp-1x512', corruption: { labels: 1, pixels: 'intact' }, seed: 1 }),
    ),
    planRun(dataset, recipe(PROFILES.smoke, { ...asked, precision: 'bfloat16' })),
    ...regularized.map((regularization) =>
      planRun(dataset, recipe(PROFILES.smoke, { ...asked, regularization })),
    ),
  ].map(({ trajectoryId }) => trajectoryId);
  expect(new Set(ids).size).toBe(5 + regularized.length);
});

test('a field at its default is not part of the id', () => {
  const { augmentation: _, ...trajectory } = run.trajectory;
  const { weightDecay: __, ...optimizer } = trajectory.optimizer;
  const older = { ...run, trajectory: { ...trajectory, optimizer } } as UnboundRun;
  expect(planRun(dataset, older).id).toBe(planRun(dataset, run).id);
});

test('early stopping is another run of the same trajectory', () => {
  const patient = planRun(
    dataset,
    recipe(PROFILES.smoke, { ...asked, regularization: { ...UNREGULARIZED, patience: 3 } }),
  );
  expect(patient.trajectoryId).toBe(planRun(dataset, run).trajectoryId);
  expect(patient.id).not.toBe(planRun(dataset, run).id);
});

test('a salt is another trajectory, which knows the one whose numbers it has', () => {
  const stored = planRun(dataset, run);
  const salted = (salt: string) => planRun(dataset, { ...run, trajectory: { ...run.trajectory, salt } });
  const ids = [stored, salted('monday'), salted('tuesday')].map(({ trajectoryId }) => trajectoryId);
  expect(new Set(ids).size).toBe(3); // no checkpoint of the stored run is gone on from
  expect(unsaltedId(salted('monday').run.trajectory)).toBe(stored.trajectoryId);
  expect(unsaltedId(stored.run.trajectory)).toBe(stored.trajectoryId);
});

test('the order of fields does not change the id', () => {
  const reversed = Object.fromEntries(Object.entries(run.trajectory).reverse()) as UnboundRun['trajectory'];
  expect(planRun(dataset, { ...run, trajectory: reversed }).id).toBe(planRun(dataset, run).id);
});

test('a run that another recipe planned is refused with both, and the ways out', () => {
  expect(() => expectOwnRecipe(run.trajectory)).not.toThrow();
  expect(() => expectOwnRecipe({ recipe: 1 })).toThrow(
    /planned with recipe 1, and this version of the code computes recipe 4, .*: start it anew, or finish it/,
  );
});
