/** A binding in the cache is used as long as its sources are these. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bindingFolder, paths, root } from '../../infra/setup/paths.mjs';

let native: string;
beforeEach(() => {
  native = mkdtempSync(join(tmpdir(), 'rethinking-native-'));
  cpSync(join(root, 'infra', 'native'), native, { recursive: true });
});
afterEach(() => rmSync(native, { recursive: true }));

test('a clone’s binding is in the folder of its own sources, and so is that of a second clone', () => {
  expect(basename(dirname(paths.binding))).toBe(bindingFolder());
  expect(bindingFolder(native)).toBe(bindingFolder());
});

test.each(['graph.cc', 'batch-norm.h', 'include/tsl/platform/platform.h', 'new.cc'])(
  'another %s gives another folder',
  (name) => {
    writeFileSync(join(native, name), '// another');

    expect(bindingFolder(native)).not.toBe(bindingFolder());
  },
);

test('what is not compiled gives no other folder', () => {
  writeFileSync(join(native, 'README.md'), 'Our own operations.');

  expect(bindingFolder(native)).toBe(bindingFolder());
});
