import { beforeAll, expect, test } from 'vitest';
import type { Failed, Reproduction } from '../../../activities/contract.ts';
import { report } from '../../../activities/report/report.ts';
import { type Contents, readBy } from '../../../activities/report/request.ts';
import { LEDGER } from '../../../activities/verdicts/ledger.ts';
import { example, HOSTILE } from './example.ts';

let made: (Reproduction | Failed)[];
let contents: Contents;
let page: string;

beforeAll(async () => {
  const { store, reproductions } = await example();
  made = reproductions;
  contents = new Map(
    await Promise.all(readBy(made).map(async (ref) => [ref.key, await store.get(ref)] as const)),
  );
  page = report(made, contents);
});

/** The section of an artifact. */
const sectionOf = (artifact: string, of = page) =>
  new RegExp(`<section id="${artifact}"[\\s\\S]*?</section>`).exec(of)?.[0] ?? '';

test('the same input gives the same bytes', () => {
  expect(report(made, contents)).toBe(page);
});

test('every record of the ledger is on the page, run or not', () => {
  expect(LEDGER.filter(({ id }) => !page.includes(`<code class="id">${id}</code>`))).toEqual([]);
});

test('no text of an artifact becomes markup', () => {
  expect(page).not.toContain(HOSTILE);
  expect(page).not.toContain('<img src=x');
  expect(page.split('&lt;img src=x onerror=').length - 1).toBeGreaterThanOrEqual(3); // verdict, failure, table
});

test('sections stand in the paper’s order', () => {
  const ids = [...page.matchAll(/<section id="([^"]+)"/g)].map(([, id]) => id);

  expect(ids).toEqual([
    'figure-1',
    'table-1',
    'table-2',
    'figure-2',
    'theorem-1',
    'table-3',
    'implicit-regularization',
    'figure-3',
    'table-4',
  ]);
});

test('an artifact that failed shows why, and the command', () => {
  const section = sectionOf('table-4');

  expect(section).toContain('<strong>Failed</strong> (DatasetUnavailable): No archive at &lt;img');
  expect(section).toContain('npm run table4');
});

test('an artifact that was not run says so, and what would run it', () => {
  expect(sectionOf('figure-2')).toContain('<strong>Not run.</strong>');
  expect(sectionOf('figure-2')).toContain('npm run figure2');
  expect(sectionOf('table-3')).toContain('reproduceTable3');
});

test('a cell that only Figure 1 ran has its verdict in Table 1', () => {
  const section = sectionOf('table-1');

  // 26 % test error at corruption 0
  expect(section).toMatch(/table-1\.alexnet\.true-labels\.test<\/code><\/th><td>76\.07 %<\/td><td>74\.00/);
});

test('what the artifact’s own runs say goes before what others say', () => {
  expect(sectionOf('table-1')).toContain('11.90 ± 0.12 %');
});

test('provenance is that of the files: data set, code, machine, time', () => {
  const section = sectionOf('figure-1');

  expect(section).toContain('a'.repeat(64));
  expect(section).toContain('rethinking-generalization 0.1.0 (commit 0123abcd)');
  expect(section).toContain('cpu: Some CPU, linux x64, threads: 2');
  expect(section).toContain('<time datetime="2026-01-02T03:04:05.000Z">2026-01-02 03:04:05 UTC</time>');
});

test('links lead to the files from where the page lies in the bucket', () => {
  const [figure1] = made.filter((one): one is Reproduction => one.artifact === 'figure-1');
  const links = [...page.matchAll(/href="(\.\.[^"]+)"/g)].map(
    ([, href]) => new URL(href, 'https://bucket/reports/0123/report.html').pathname,
  );

  expect(links).toContain(`/${figure1.figures[0].svg.key}`);
  expect(links).toContain(`/${figure1.figures[0].csv.key}`);
});

test('a small CSV travels in the page', () => {
  const [, base64] = /href="data:text\/csv;base64,([^"]+)" download="table-1.csv"/.exec(page) ?? [];

  expect(Buffer.from(base64 ?? '', 'base64').toString()).toBe('model,train,test\ninception,100,88.71\n');
});
