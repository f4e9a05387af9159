import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { packagesMatch } from '../../infra/setup/packages.mjs';
import { pathsOf, root } from '../../infra/setup/paths.mjs';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rethinking-packages-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

type Packages = Record<string, { version: string; integrity?: string; optional?: boolean }>;

function match(wanted: Packages, found: Packages): boolean {
  const paths = pathsOf(folder, {});
  mkdirSync(paths.modules);
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: wanted }));
  writeFileSync(join(paths.modules, '.package-lock.json'), JSON.stringify({ packages: found }));
  return packagesMatch(paths);
}

const a = { version: '1.0.0', integrity: 'sha512-a' };

test('the same packages match', () => {
  expect(match({ '': { version: '0.1.0' }, 'node_modules/a': a }, { 'node_modules/a': a })).toBe(true);
});

test('another version of a package does not match', () => {
  expect(match({ 'node_modules/a': a }, { 'node_modules/a': { ...a, version: '1.0.1' } })).toBe(false);
});

test('the same version with other content does not match', () => {
  expect(match({ 'node_modules/a': a }, { 'node_modules/a': { ...a, integrity: 'sha512-b' } })).toBe(false);
});

test('a package that is missing does not match, unless it is optional', () => {
  expect(match({ 'node_modules/a': a }, {})).toBe(false);
  rmSync(join(folder, 'node_modules'), { recursive: true });
  expect(match({ 'node_modules/a': { ...a, optional: true } }, {})).toBe(true);
});

test('nothing installed does not match', () => {
  expect(packagesMatch(pathsOf(folder, {}))).toBe(false);
});

/** npm leaves entries out when a registry lacks a platform's package, and `npm ci` then refuses the file. */
test('our lock file has every optional package of every platform, with its digest', () => {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const wanted = Object.values<{ optionalDependencies?: Record<string, string> }>(packages).flatMap(
    ({ optionalDependencies }) => Object.keys(optionalDependencies ?? {}),
  );

  const absent = wanted.filter((name) => !packages[`node_modules/${name}`]?.integrity);

  expect(wanted.length).toBeGreaterThan(0);
  expect(absent).toEqual([]);
});
