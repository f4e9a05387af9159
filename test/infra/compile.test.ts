/** A small project in the shape of ours, compiled by the real compiler. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { compile } from '../../infra/compile.mjs';
import { pathsOf, root } from '../../infra/setup/paths.mjs';

let clone: string;

const write = (path: string, text: string) => {
  mkdirSync(dirname(join(clone, path)), { recursive: true });
  writeFileSync(join(clone, path), text);
};
const compiled = () => join(clone, 'dist', 'worker', 'main.js');

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'rethinking-compile-'));
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
  const options = { rootDir: '.', outDir: 'dist', strict: true, types: [] };
  write('package.json', '{}');
  write('tsconfig.json', JSON.stringify({ compilerOptions: options }));
  write('tsconfig.build.json', JSON.stringify({ extends: './tsconfig.json', include: ['worker'] }));
  write('workflows/figure.ts', '');
  write('activities/plan.ts', '');
  write('infra/device/choose.mjs', '');
  write('worker/main.ts', 'export const steps: number = 1;');
});

afterEach(() => rmSync(clone, { recursive: true }));

test('what was compiled is not compiled again', () => {
  const paths = pathsOf(clone, {});
  expect(compile(paths)).toBe(true);
  rmSync(compiled()); // would come back

  expect(compile(paths)).toBe(true);

  expect(existsSync(compiled())).toBe(false);
});

test('a changed source is compiled again', () => {
  const paths = pathsOf(clone, {});
  compile(paths);
  rmSync(compiled());
  write('worker/main.ts', 'export const steps: number = 22;');

  expect(compile(paths)).toBe(true);

  expect(existsSync(compiled())).toBe(true);
});

test('a type error stops the command, also the second time', () => {
  const paths = pathsOf(clone, {});
  write('worker/main.ts', "export const steps: number = 'many';");

  expect(compile(paths)).toBe(false);
  expect(compile(paths)).toBe(false);
});
