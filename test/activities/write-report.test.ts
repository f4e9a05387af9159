import { expect, test } from 'vitest';
import { createWriteReport } from '../../activities/write-report.ts';
import { environment, example } from './report/example.ts';

async function setting() {
  const { store, reproductions } = await example();
  const write = (time = '2026-01-03T00:00:00Z') =>
    createWriteReport({ store, environment, now: () => new Date(time) })({ reproductions });
  return { store, reproductions, write };
}

test('the page lies in a folder named by what it says, and `latest` points at it', async () => {
  const { store, write } = await setting();

  const { folder, html } = await write();

  expect(folder).toMatch(/^reports\/[0-9a-f]{20}$/);
  expect(html.key).toBe(`${folder}/report.html`);
  expect(String(await store.get(html))).toMatch(/^<!doctype html>/);
  expect(JSON.parse(String((await store.read('reports/latest'))?.bytes))).toEqual({ folder });
});

test('written again, later, it is the same page', async () => {
  const { write } = await setting();

  expect(await write('2027-01-01T00:00:00Z')).toEqual(await write());
});

test('another result is another page', async () => {
  const { store, reproductions, write } = await setting();
  const fewer = reproductions.slice(0, 1);

  const { folder } = await createWriteReport({ store, environment, now: () => new Date(0) })({
    reproductions: fewer,
  });

  expect(folder).not.toBe((await write()).folder);
});

test('the provenance names what was read', async () => {
  const { store, write } = await setting();

  const { provenance } = await write();

  const crate = String(await store.get(provenance));
  expect(crate).toContain('figure-1a.png');
  expect(crate).toContain('tables/1/0123456789abcdef0123/table-1.md');
});

test('a damaged picture fails the report with its name', async () => {
  const { store, reproductions } = await setting();
  const [figure1] = reproductions;
  const broken =
    'failure' in figure1
      ? figure1
      : {
          ...figure1,
          figures: figure1.figures.map((figure) => ({
            ...figure,
            png: { ...figure.png, sha256: '0'.repeat(64) },
          })),
        };

  await expect(
    createWriteReport({ store, environment, now: () => new Date(0) })({ reproductions: [broken] }),
  ).rejects.toMatchObject({ type: 'ObjectDamaged' });
});
