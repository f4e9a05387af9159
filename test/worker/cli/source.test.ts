import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createMemoryStore } from '../../../activities/store/memory.ts';
import { identifyImages } from '../../../worker/cli/identify.ts';
import { checkSource, resolveSource } from '../../../worker/cli/source.ts';
import { readConfig } from '../../../worker/config.ts';
import { mnistFiles } from '../../activities/data/digits.ts';

test('a folder of MNIST’s files goes into the store, and the same files again are the same source', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'digits-'));
  try {
    for (const [file, bytes] of Object.entries(mnistFiles({ test: 10 })))
      await writeFile(join(folder, file), bytes);
    await checkSource(folder, 'mnist');
    const store = createMemoryStore();
    const said: string[] = [];
    const asked = { asked: 'mnist' as const, data: folder };
    const first = await resolveSource(store, asked, (line) => said.push(line));
    expect(first.dataset).toBe('mnist');
    const prefix = first.source!.replace('store:', '');
    expect(await store.head(`${prefix}/t10k-images-idx3-ubyte.gz`)).not.toBeNull();
    expect(said).toEqual([`MNIST: t10k-images-idx3-ubyte.gz, t10k-labels-idx1-ubyte.gz from ${folder}.`]);
    expect(await resolveSource(store, asked, () => {})).toEqual(first);

    // Nor is it taken for an archive of CIFAR-10 by whoever only looks.
    const session = { store, config: readConfig() };
    const identified = await identifyImages(session, { dataset: 'mnist' }, folder, () => {});
    expect(identified).toEqual({ ...first, name: 'MNIST', ref: null });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a folder without MNIST’s files, and a file instead of a folder, are refused before anything starts', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'digits-'));
  try {
    const store = createMemoryStore();
    await expect(resolveSource(store, { asked: 'mnist', data: folder }, () => {})).rejects.toThrow(
      'has none of MNIST’s files: expected train-images-idx3-ubyte.gz',
    );
    const file = join(folder, 'mnist.zip');
    await writeFile(file, '');
    await expect(checkSource(file, 'mnist')).rejects.toThrow(
      'is not a folder: expected the folder of MNIST’s files',
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});
