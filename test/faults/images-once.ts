/** The generated images that tests of trainings start from, drawn once: that takes as long as such a training. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { TestProject } from 'vitest/node';
import type { DatasetId } from '../../activities/contract.ts';
import type { MemoryObject } from '../../activities/store/memory.ts';
import { environment } from '../activities/environment.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder with the objects of the data set by their keys. */
    images: string;
    dataset: DatasetId;
  }
}

/** Compiled, since the test runner makes of every imported constant a function's call: a third of the time. */
const compiled = <T>(path: string): Promise<T> =>
  import(new URL(`../../dist/activities/${path}`, import.meta.url).href);

export default async function drawOnce({ provide }: TestProject): Promise<() => Promise<void>> {
  const { createFetchDataset } =
    await compiled<typeof import('../../activities/fetch-dataset.ts')>('fetch-dataset.js');
  const { createMemoryStore } =
    await compiled<typeof import('../../activities/store/memory.ts')>('store/memory.js');
  const objects = new Map<string, MemoryObject>();
  const folder = await mkdtemp(join(tmpdir(), 'rethinking-images-'));
  const fetchDataset = createFetchDataset({
    store: createMemoryStore(objects),
    sources: {},
    cacheFolder: folder,
    environment,
    now: () => new Date('2026-01-01T00:00:00Z'),
  });
  await new MockActivityEnvironment().run(async () => {
    const { id } = await fetchDataset({ name: 'procedural', source: null });
    provide('dataset', id);
  });
  for (const [key, { bytes }] of objects) {
    await mkdir(dirname(join(folder, key)), { recursive: true });
    await writeFile(join(folder, key), bytes);
  }
  provide('images', folder);
  return () => rm(folder, { recursive: true });
}
