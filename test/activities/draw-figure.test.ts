import { expect, test } from 'vitest';
import type { FigureRun } from '../../activities/contract.ts';
import { createDrawFigure } from '../../activities/draw-figure.ts';
import * as keys from '../../activities/store/keys.ts';
import { createMemoryStore } from '../../activities/store/memory.ts';
import type { Store } from '../../activities/store/store.ts';
import { environment } from './environment.ts';
import { cifar10, type Made, made } from './verdicts/synthetic.ts';

/** A clock that never shows the same time twice. */
function clock(start: string): () => Date {
  let seconds = 0;
  return () => new Date(Date.parse(start) + 1_000 * seconds++);
}

async function stored(store: Store, changes: Made, csv: string): Promise<FigureRun> {
  const curve = await store.putIfAbsent(`curves/${changes.condition}.csv`, Buffer.from(csv));
  return made({ ...changes, curve });
}

async function setting() {
  const store = createMemoryStore();
  const runs = [
    await stored(store, { condition: 'true-labels', budget: 3 }, 'step,loss\n1,2\n2,1\n3,0\n'),
    await stored(store, { condition: 'random-labels', budget: 3 }, 'step,loss\n1,3\n2,3\n3,3\n'),
  ];
  const request = { figure: '1a', profile: 'quick', dataset: cifar10, runs } as const;
  const draw = (now = clock('2026-01-01T00:00:00Z')) => createDrawFigure({ store, environment, now });
  return { store, request: { ...request, runs }, draw };
}

test('a panel lies in a folder named by its inputs, and `latest` points at it', async () => {
  const { store, request, draw } = await setting();

  const figure = await draw()(request);

  expect(figure.folder).toMatch(/^figures\/1a\/[0-9a-f]{20}$/);
  expect([figure.spec, figure.svg, figure.png, figure.csv, figure.provenance].map(({ key }) => key)).toEqual(
    ['figure-1a.vl.json', 'figure-1a.svg', 'figure-1a.png', 'figure-1a.csv', 'ro-crate-metadata.json'].map(
      (file) => `${figure.folder}/${file}`,
    ),
  );
  expect(JSON.parse(String((await store.read('figures/1a/latest'))?.bytes))).toEqual({
    folder: figure.folder,
  });
});

test('the CSV is the running mean of the stored curves', async () => {
  const { store, request, draw } = await setting();

  const { csv } = await draw()(request);

  // (2 + 1)/2 and (2 + 1 + 0)/3
  expect(String(await store.get(csv))).toBe(
    'condition,seed,step,loss,window\n' +
      'true-labels,1,1,2,5\ntrue-labels,1,2,1.5,5\ntrue-labels,1,3,1,5\n' +
      'random-labels,1,1,3,5\nrandom-labels,1,2,3,5\nrandom-labels,1,3,3,5\n',
  );
});

test('a second attempt, later and elsewhere, finds the same objects', async () => {
  const { request, draw } = await setting();

  const first = await draw()(request);
  const second = await draw(clock('2027-01-01T00:00:00Z'))(request);

  expect(second).toEqual(first);
});

test('two stores get the same bytes, apart from the times in the provenance', async () => {
  const [one, other] = [await setting(), await setting()];

  const first = await one.draw()(one.request);
  const second = await other.draw(clock('2027-01-01T00:00:00Z'))(other.request);

  expect({ ...second, provenance: null }).toEqual({ ...first, provenance: null });
  expect(second.provenance.sha256).not.toBe(first.provenance.sha256);
});

test('a checkpoint elsewhere and another wording of a failure are the same picture', async () => {
  const { request, draw } = await setting();
  const failed = made({ condition: 'gaussian', failure: 'TrainingCancelled' });
  const reworded = { ...failed, failure: { type: 'TrainingCancelled', message: 'Stopped.' } };
  const moved = request.runs.map((run) => ({
    ...run,
    outcome: run.outcome && { ...run.outcome, checkpoint: { ...run.outcome.checkpoint, key: 'elsewhere' } },
  }));

  const first = await draw()({ ...request, runs: [...request.runs, failed] });
  const second = await draw()({ ...request, runs: [...moved, reworded] });

  expect(second.folder).toBe(first.folder);
});

test('other runs, or another profile, are another picture, and `latest` moves on', async () => {
  const { store, request, draw } = await setting();

  const first = await draw()(request);
  const fewer = await draw()({ ...request, runs: request.runs.slice(0, 1) });
  const smoke = await draw()({ ...request, profile: 'smoke' });

  expect(new Set([first.folder, fewer.folder, smoke.folder]).size).toBe(3);
  expect(String((await store.read('figures/1a/latest'))?.bytes)).toContain(smoke.folder);
});

test('the provenance names the curves that were read and the code that drew', async () => {
  const { store, request, draw } = await setting();

  const { provenance } = await draw()(request);

  const crate = String(await store.get(provenance));
  expect(crate).toContain('curves/true-labels.csv');
  expect(crate).toContain('rethinking-generalization');
});

test('the curve that a diverged training left is drawn', async () => {
  const { store, request, draw } = await setting();
  const diverged = made({ condition: 'gaussian', failure: 'LossNotFinite' });
  await store.putIfAbsent(
    keys.divergedCurve(diverged.planned),
    Buffer.from('step,loss\n1,2.5\n2,7.5\n3,NaN\n'),
  );

  const { csv } = await draw()({ ...request, runs: [...request.runs, diverged] });

  expect(String(await store.get(csv))).toContain('gaussian,1,1,2.5,5\ngaussian,1,2,5,5\n');
});

test('panels b and c need no curve', async () => {
  const { store, draw } = await setting();
  const runs = [made({ level: 0, fitted: 400 }), made({ level: 1, fitted: 800, testErrorPercent: 90 })];
  const request = { profile: 'quick' as const, dataset: cifar10, runs };

  const b = await draw()({ figure: '1b', ...request });
  const c = await draw()({ figure: '1c', ...request });

  expect(String(await store.get(b.csv))).toContain('inception,1,1,800,false,2\n');
  expect(String(await store.get(c.csv))).toContain('measured,inception,1,1,9000,10000,90\n');
  expect([b.name, c.name]).toEqual(['figure-1b', 'figure-1c']);
});

test('a damaged curve fails the drawing with its name', async () => {
  const { request, draw } = await setting();
  const [run] = request.runs;
  const gone = made({ condition: 'gaussian' });

  await expect(draw()({ ...request, runs: [run, gone] })).rejects.toMatchObject({ type: 'ObjectDamaged' });
});
