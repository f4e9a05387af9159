/** Where the images come from: what the user names, what the store holds, the official files, or, said in one
 *  line, the generated images. Local files go into the store first, so that workers anywhere see them. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { DatasetName } from '../../activities/contract.ts';
import { OFFICIAL } from '../../activities/data/cifar10.ts';
import { FILES, OFFICIAL as OFFICIAL_MNIST } from '../../activities/data/mnist.ts';
import { NAMES } from '../../activities/data/sources/mnist-source.ts';
import { Failure } from '../../activities/failure/failure.ts';
import * as keys from '../../activities/store/keys.ts';
import type { Store } from '../../activities/store/store.ts';

const PROBE_MS = 3000;

/** Data sets that are had from somewhere. */
type Published = Exclude<DatasetName, 'procedural'>;

/** probes: addresses of which one has to answer. own: what the user names instead. */
const PUBLISHED = {
  cifar10: {
    title: 'CIFAR-10',
    probes: OFFICIAL.mirrors,
    recordKey: OFFICIAL.recordKey,
    own: 'your own archive',
  },
  mnist: {
    title: 'MNIST',
    probes: OFFICIAL_MNIST.mirrors.map((mirror) => `${mirror}/${FILES.train.images}`),
    recordKey: OFFICIAL_MNIST.recordKey,
    own: 'the folder of your own files',
  },
};

/** asked: what the user says. wanted: what is taken where nothing is said; flag: names a place of it. */
export async function resolveSource(
  store: Store,
  { asked, data, wanted = 'cifar10', flag = '--data' }: Wanted,
  say: (line: string) => void,
): Promise<{ dataset: DatasetName; source: string | null }> {
  const dataset = asked ?? wanted;
  if (dataset === 'procedural') return { dataset, source: null };
  if (data) {
    if (isRemote(data)) return { dataset, source: data };
    return { dataset, source: await (dataset === 'mnist' ? uploadFolder : upload)(store, data, say) };
  }
  const { title, probes, recordKey, own } = PUBLISHED[dataset];
  if (await store.head(recordKey)) return { dataset, source: null };
  const reachable = await Promise.any(probes.map(answers)).catch(() => false);
  if (reachable) return { dataset, source: null };
  if (asked) {
    throw new Failure(
      'DatasetUnavailable',
      `${title} cannot be downloaded here (no answer from ${probes.map((url) => new URL(url).host).join(', ')}): ` +
        `name ${own} with ${flag} PATH, or take generated images (procedural).`,
    );
  }
  say(`${title} cannot be downloaded here: running on generated images instead (${flag} PATH takes ${own}).`);
  return { dataset: 'procedural', source: null };
}

export interface Wanted {
  asked?: DatasetName;
  data?: string;
  wanted?: Published;
  flag?: string;
}

async function answers(url: string): Promise<true> {
  const response = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(PROBE_MS) });
  if (!response.ok) throw new Error(`${response.status}`);
  return true;
}

export const isRemote = (data: string) => /^(https?|s3|store):/.test(data);

/** Fails with DatasetUnavailable when `data` names a file, or of MNIST a folder, that is not there. */
export async function checkSource(data: string | undefined, dataset: Published = 'cifar10'): Promise<void> {
  if (!data || isRemote(data)) return;
  const found = await stat(data).catch(() => null);
  const folder = dataset === 'mnist';
  if (folder ? found?.isDirectory() : found?.isFile()) return;
  throw new Failure(
    'DatasetUnavailable',
    `${data} ${found ? `is not a ${folder ? 'folder' : 'file'}` : 'does not exist'}: ` +
      (folder
        ? `expected the folder of MNIST’s files (${NAMES.join(', ')}) or its URL.`
        : '--data takes an archive (binary or python tar.gz, or a tar of class folders) or a URL.'),
  );
}

async function upload(store: Store, path: string, say: (line: string) => void): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  const key = keys.source(hash.digest('hex'), basename(path));
  if (!(await store.head(key))) {
    const bytes = await readFile(path);
    say(`Putting ${basename(path)} (${(bytes.length / 1e6).toFixed(0)} MB) into the store.`);
    await store.putIfAbsent(key, bytes);
  }
  return `store:${key}`;
}

/** MNIST's files in one folder of the store, named by the digest of them all. */
async function uploadFolder(store: Store, folder: string, say: (line: string) => void): Promise<string> {
  const { source, files, keyOf } = await readFolder(folder);
  for (const { file, bytes } of files) await store.putIfAbsent(keyOf(file), bytes);
  say(`MNIST: ${files.map(({ file }) => file).join(', ')} from ${folder}.`);
  return source;
}

/** What a folder of MNIST's files would be as a source. */
export async function readFolder(folder: string): Promise<{
  source: string;
  files: { file: string; bytes: Buffer }[];
  keyOf: (file: string) => string;
}> {
  const files: { file: string; bytes: Buffer }[] = [];
  for (const name of NAMES) {
    const there = await Promise.all(
      [name, name.replace(/\.gz$/, '')].map(async (file) => ({
        file,
        bytes: await readFile(join(folder, file)).catch(() => null),
      })),
    );
    const found = there.find(({ bytes }) => bytes);
    if (found?.bytes) files.push({ file: found.file, bytes: found.bytes });
  }
  if (files.length === 0) {
    throw new Failure(
      'DatasetUnavailable',
      `${folder} has none of MNIST’s files: expected ${NAMES.join(', ')}.`,
    );
  }
  const hash = createHash('sha256');
  for (const { file, bytes } of files) hash.update(file).update(bytes);
  const digest = hash.digest('hex');
  return { source: `store:sources/${digest}`, files, keyOf: (file) => keys.source(digest, file) };
}
