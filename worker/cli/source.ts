/** Where the images come from: what the user names, what the store holds, the official archive, or, said in one
 *  line, the generated images. A local file goes into the store first, so that workers anywhere see it. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { DatasetName } from '../../activities/contract.ts';
import { OFFICIAL } from '../../activities/data/cifar10.ts';
import { Failure } from '../../activities/failure/failure.ts';
import * as keys from '../../activities/store/keys.ts';
import type { Store } from '../../activities/store/store.ts';

const PROBE_MS = 3000;

export async function resolveSource(
  store: Store,
  asked: { dataset?: DatasetName; data?: string },
  say: (line: string) => void,
): Promise<{ dataset: DatasetName; source: string | null }> {
  const dataset = asked.dataset ?? 'cifar10';
  if (dataset === 'procedural') return { dataset, source: null };
  if (asked.data) {
    return { dataset, source: isRemote(asked.data) ? asked.data : await upload(store, asked.data, say) };
  }
  if (await officialIsStored(store)) return { dataset, source: null };
  const reachable = await Promise.any(OFFICIAL.mirrors.map(answers)).catch(() => false);
  if (reachable) return { dataset, source: null };
  if (asked.dataset === 'cifar10') {
    throw new Failure(
      'DatasetUnavailable',
      `CIFAR-10 cannot be downloaded here (no answer from ${OFFICIAL.mirrors.map((url) => new URL(url).host).join(', ')}): ` +
        'name a local archive with --data PATH, or use --dataset procedural.',
    );
  }
  say(
    'CIFAR-10 cannot be downloaded here: running on generated images instead (--data PATH takes your own archive).',
  );
  return { dataset: 'procedural', source: null };
}

const officialIsStored = async (store: Store) => (await store.head(OFFICIAL.recordKey)) !== null;

async function answers(url: string): Promise<true> {
  const response = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(PROBE_MS) });
  if (!response.ok) throw new Error(`${response.status}`);
  return true;
}

const isRemote = (data: string) => /^(https?|s3|store):/.test(data);

/** Fails with DatasetUnavailable when `data` names a file that is not there. */
export async function checkSource(data: string | undefined): Promise<void> {
  if (!data || isRemote(data)) return;
  const found = await stat(data).catch(() => null);
  if (found?.isFile()) return;
  throw new Failure(
    'DatasetUnavailable',
    `${data} ${found ? 'is not a file' : 'does not exist'}: ` +
      '--data takes an archive (binary or python tar.gz, or a tar of class folders) or a URL.',
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
