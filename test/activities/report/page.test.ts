/** The page in a real browser: what a reader, a phone, a printer and a screen reader get. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { report } from '../../../activities/report/report.ts';
import { readBy } from '../../../activities/report/request.ts';
import { openBrowser } from './browser.ts';
import { example } from './example.ts';

let folder: string;
let url: string;
let opened: Awaited<ReturnType<typeof openBrowser>>;

beforeAll(async () => {
  const { store, reproductions } = await example();
  const contents = await Promise.all(
    readBy(reproductions).map(async (ref) => [ref.key, await store.get(ref)] as const),
  );
  folder = await mkdtemp(join(tmpdir(), 'rethinking-report-'));
  const path = join(folder, 'report.html');
  await writeFile(path, report(reproductions, new Map(contents)));
  url = pathToFileURL(path).href;
  opened = await openBrowser();
});

afterAll(async () => {
  await opened?.close();
  await rm(folder, { recursive: true });
});

/** What the browser complained about, and what it asked for. */
async function openPage(width: number, scheme: 'light' | 'dark') {
  const page = await opened.browser.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(`${error}`));
  page.on('request', (request) => requests.push(request.url()));
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await page.setViewport({ width, height: 900 });
  await page.goto(url);
  return { page, complaints, requests };
}

/** Evaluates a text in the page: the types of a browser are not those of Node. */
const ask = async <T>(page: Page, schema: z.ZodType<T>, expression: string): Promise<T> =>
  schema.parse(await page.evaluate(expression));

const UNFOLD = "document.querySelectorAll('details').forEach((one) => { one.open = true; })";

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');
const Violations = z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) }));

async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found = await ask(page, Violations, 'axe.run().then(({ violations }) => violations)');
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('; ')}`);
}

describe.each([
  { width: 1280, scheme: 'light' },
  { width: 1280, scheme: 'dark' },
  { width: 390, scheme: 'light' },
  { width: 390, scheme: 'dark' },
] as const)('$width pixels wide, $scheme', ({ width, scheme }) => {
  test('axe finds nothing, with all details unfolded', async () => {
    const { page } = await openPage(width, scheme);
    await page.evaluate(UNFOLD);

    const violations = await violationsOf(page);

    await page.close();
    expect(violations).toEqual([]);
  });

  test('it needs nothing but itself, complains of nothing, and shows its pictures', async () => {
    const { page, complaints, requests } = await openPage(width, scheme);

    const widths = await ask(
      page,
      z.array(z.number()),
      '[...document.images].map((one) => (one.complete && one.naturalWidth > 0 ? one.getBoundingClientRect().width : 0))',
    );

    await page.close();
    expect(complaints).toEqual([]);
    expect(requests.filter((request) => !request.startsWith('data:'))).toEqual([url]);
    expect(widths).toHaveLength(3);
    expect(Math.min(...widths)).toBeGreaterThan(300);
  });

  test('the page itself does not scroll sideways, with all details unfolded', async () => {
    const { page } = await openPage(width, scheme);
    await page.evaluate(UNFOLD);

    const room = await ask(page, z.number(), 'document.documentElement.scrollWidth');

    await page.close();
    expect(room).toBe(width);
  });
});

test('colours follow the reader’s choice', async () => {
  const colours = await Promise.all(
    (['light', 'dark'] as const).map(async (scheme) => {
      const { page } = await openPage(1280, scheme);
      const colour = await ask(page, z.string(), 'getComputedStyle(document.body).backgroundColor');
      await page.close();
      return colour;
    }),
  );

  expect(colours).toEqual(['rgb(251, 251, 249)', 'rgb(23, 25, 27)']);
});

test('on a phone, rows of the verdicts are still rows to a screen reader', async () => {
  const { page } = await openPage(390, 'light');

  const root = await page.waitForSelector('.all');
  const tree = JSON.stringify(
    await page.accessibility.snapshot({ root: root ?? undefined, interestingOnly: false }),
  );

  await page.close();
  expect(tree).toMatch(/^{"role":"table"/);
  expect(tree.match(/"role":"columnheader"/g)).toHaveLength(5);
  expect(tree.match(/"role":"rowheader"/g)?.length).toBeGreaterThan(20);
});

test('no text of an artifact runs as a script', async () => {
  const { page } = await openPage(1280, 'light');

  const elements = await ask(page, z.number(), "document.querySelectorAll('script, [onerror]').length");

  await page.close();
  expect(elements).toBe(0);
});

test('it prints, details unfolded, in the light', async () => {
  const { page } = await openPage(1280, 'dark');

  const pdf = Buffer.from(await page.pdf({ format: 'A4' }));
  await page.emulateMediaType('print');
  const shown = await ask(
    page,
    z.object({ background: z.string(), folded: z.array(z.number()) }),
    `({ background: getComputedStyle(document.body).backgroundColor,
        folded: [...document.querySelectorAll('details > :last-child')].map((one) => one.getBoundingClientRect().height) })`,
  );

  await page.close();
  const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g) ?? [];
  expect(pages.length).toBeGreaterThan(3);
  expect(shown.background).toBe('rgb(255, 255, 255)');
  expect(Math.min(...shown.folded)).toBeGreaterThan(0);
});
