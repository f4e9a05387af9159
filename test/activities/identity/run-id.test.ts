import { expect, test } from 'vitest';
import type { UnboundRun } from '../../../activities/contract.ts';
import { planRun } from '../../../activities/identity/run-id.ts';
import { PROFILES } from '../../../workflows/profiles.ts';
import { recipe, TRUE_LABELS } from '../../../workflows/recipe.ts';

const dataset = { name: 'procedural', sha256: '0'.repeat(64) } as const;
const run = recipe(PROFILES.smoke, { model: 'mlp-1x512', corruption: TRUE_LABELS, seed: 1 });
const withStop = (stop: Partial<UnboundRun['stop']>): UnboundRun => ({
  ...run,
  stop: { ...run.stop, ...stop },
});

test('ids are golden: a change of code that moves them orphans every stored run', () => {
  const { id, trajectoryId } = planRun(dataset, run);
  expect({ id, trajectoryId }).toMatchInlineSnapshot(`
    {
      "id": "6decebae69041d41040c",
      "trajectoryId": "1d3861a221d5edf2a64b",
    }
  `);
});

test('where a run stops changes its id and not its trajectory', () => {
  const short = planRun(dataset, withStop({ steps: 30 }));
  const long = planRun(dataset, withStop({ steps: 60 }));
  expect(long.trajectoryId).toBe(short.trajectoryId);
  expect(long.id).not.toBe(short.id);
});

test('the data set, the seed and the corruption change the trajectory', () => {
  const ids = [
    planRun(dataset, run),
    planRun({ ...dataset, sha256: '1'.repeat(64) }, run),
    planRun(dataset, recipe(PROFILES.smoke, { model: 'mlp-1x512', corruption: TRUE_LABELS, seed: 2 })),
    planRun(
      dataset,
      recipe(PROFILES.smoke, { model: 'mlp-1x512', corruption: { labels: 1, pixels: 'intact' }, seed: 1 }),
    ),
  ].map(({ trajectoryId }) => trajectoryId);
  expect(new Set(ids).size).toBe(4);
});

test('a field at its default is not part of the id', () => {
  const { weightDecay: _, ...optimizer } = run.trajectory.optimizer;
  const older = { ...run, trajectory: { ...run.trajectory, optimizer } } as UnboundRun;
  expect(planRun(dataset, older).id).toBe(planRun(dataset, run).id);
});

test('the order of fields does not change the id', () => {
  const reversed = Object.fromEntries(Object.entries(run.trajectory).reverse()) as UnboundRun['trajectory'];
  expect(planRun(dataset, { ...run, trajectory: reversed }).id).toBe(planRun(dataset, run).id);
});
