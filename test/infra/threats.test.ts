/** docs/threats.md says what answers each threat: the code and the tests that it names are there. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const rows = read('docs/threats.md')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| ---') && !line.startsWith('| threat |'))
  .map((line) => line.split(' | '));

test('each row has a threat, an answer, code and a test', () => {
  expect(rows.length).toBeGreaterThan(20);
  for (const row of rows) expect(row).toHaveLength(4);
});

test.each(rows)('%s: its code and its tests are there', (_threat, _answer, code, tests) => {
  const paths = [...`${code} ${tests}`.matchAll(/`([^`]+)`/g)].map(([, path]) => path);
  expect(paths.length).toBeGreaterThan(1);
  for (const path of paths) expect([path, existsSync(join(ROOT, path))]).toEqual([path, true]);
  // `*claim*, *claim* (file)`: each file has the claims before it.
  for (const [, claims, file] of tests.matchAll(/((?:\*[^*]+\*[^*(]*)+)\(`([^`]+)`\)/g)) {
    const source = read(file);
    for (const [, claim] of claims.matchAll(/\*([^*]+)\*/g)) expect(source).toContain(claim);
  }
});

test('scripts of packages never run, here and for Lambda', () => {
  for (const path of ['.npmrc', 'infra/lambda/.npmrc']) expect(read(path)).toMatch(/^ignore-scripts=true$/m);
});

test('hosted CI audits both lock files', () => {
  expect(read('.github/workflows/test.yml').match(/npm audit --audit-level=high/g)).toHaveLength(2);
});
