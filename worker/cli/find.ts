/** What a person means by an id, a key, a file or a name: a run, or the folder of an artifact. */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { Failure } from '../../activities/failure/failure.ts';
import { readOrigin } from '../../activities/provenance/origin.ts';
import type { Store } from '../../activities/store/store.ts';

export type Subject =
  | { kind: 'run'; id: string; trajectoryId: string }
  /** latest: of the pointer beside it, whether it names this folder or another one. */
  | { kind: 'artifact'; folder: string; latest: string | null };

const RUN = /(?:^|\/)trajectories\/([0-9a-f]{20})\/runs\/([0-9a-f]{20})(?:\/|$)/;
const CHECKPOINT = /(?:^|\/)trajectories\/([0-9a-f]{20})\/checkpoints\/([0-9a-f]{20})-/;
const SHORTEST_ID = 6;
const CRATE = '/ro-crate-metadata.json';

/** At least one, verdicts first; several where a name means several. Fails with InvalidInput when there is none. */
export async function findSubjects(store: Store, target: string): Promise<Subject[]> {
  const asked = target.replace(/\/$/, '');
  const keys: string[] = [];
  for await (const { key } of store.list('')) keys.push(key);
  const subjects = await Promise.all(
    (runsNamed(asked, keys) ?? (await foldersNamed(store, asked, keys))).map(async (subject) =>
      typeof subject === 'string'
        ? { kind: 'artifact' as const, folder: subject, latest: await latestOf(store, subject) }
        : subject,
    ),
  );
  if (subjects.length > 0) return subjects;
  const names = [...new Set(keys.flatMap((key) => nameOf(key) ?? []))].sort();
  throw new Failure(
    'InvalidInput',
    `The store has nothing called ${target}: expected the id of a run or an artifact (or its first ${SHORTEST_ID} digits), a key, a file that was copied from the store` +
      (names.length > 0 ? `, or one of ${names.join(', ')}.` : '; it is empty.'),
  );
}

/** Null when the target is not an id or a place of a run. */
function runsNamed(asked: string, keys: string[]): Subject[] | null {
  const [, trajectoryOf, runOf] = RUN.exec(asked) ?? CHECKPOINT.exec(asked) ?? [];
  const id = runOf ?? (IS_ID.test(asked) ? asked.replace(/^train-/, '') : null);
  if (id === null) return null;
  const runs = new Map<string, Subject>();
  for (const key of keys) {
    const [, trajectoryId, run] = RUN.exec(key) ?? [];
    if (!trajectoryId || !run || (trajectoryOf && trajectoryId !== trajectoryOf)) continue;
    if (run.startsWith(id) || trajectoryId.startsWith(id)) {
      runs.set(run, { kind: 'run', id: run, trajectoryId });
    }
  }
  return runs.size > 0 ? [...runs.values()] : null;
}

const IS_ID = new RegExp(`^(train-)?[0-9a-f]{${SHORTEST_ID},20}$`);

async function foldersNamed(store: Store, asked: string, keys: string[]): Promise<string[]> {
  const folders = keys
    .filter((key) => key.endsWith(CRATE) && !key.startsWith('trajectories/'))
    .map((key) => key.slice(0, -CRATE.length));
  const byId = IS_ID.test(asked) ? folders.filter((folder) => lastOf(folder).startsWith(asked)) : [];
  if (byId.length > 0) return byId;
  const around = folders
    .filter((folder) => `${asked}/`.includes(`${folder}/`))
    .sort((one, other) => other.length - one.length);
  if (around[0]) return [around[0]];
  const file = await stat(asked).catch(() => null);
  if (file?.isFile()) return copiesOf(store, folders, await readFile(asked));
  const pointers = keys.filter((key) => nameOf(key) !== null && plain(nameOf(key)!) === plain(asked));
  const found = await Promise.all(pointers.map((key) => latestFolder(store, key)));
  return found
    .flatMap((folder) => folder ?? [])
    .sort((one, other) => Number(other.startsWith('verdicts/')) - Number(one.startsWith('verdicts/')));
}

/** Folders whose provenance names this file's bytes as their output. */
async function copiesOf(store: Store, folders: string[], bytes: Buffer): Promise<string[]> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const found = await Promise.all(
    folders.map(async (folder) => {
      const crate = await store.read(folder + CRATE);
      const outputs = (crate && readOrigin(crate.bytes)?.outputs) ?? [];
      return outputs.some((output) => output.sha256 === sha256) ? [folder] : [];
    }),
  );
  return found.flat();
}

/** `figures/1a/latest` -> `figure-1a`, `verdicts/table-1/latest` -> `table-1`; null of other keys. */
function nameOf(key: string): string | null {
  const [folder = '', name, last] = key.split('/');
  if (key === 'reports/latest') return 'report';
  if (last !== 'latest' || !name || folder === 'datasets') return null;
  if (folder === 'verdicts') return name;
  if (/^\d/.test(name)) return `${folder.replace(/s$/, '')}-${name}`;
  return name.startsWith('table-') ? `${name}-curves` : name;
}

const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');
const lastOf = (folder: string) => folder.slice(folder.lastIndexOf('/') + 1);

const latestOf = (store: Store, folder: string) =>
  latestFolder(store, `${folder.slice(0, folder.lastIndexOf('/'))}/latest`);

async function latestFolder(store: Store, key: string): Promise<string | null> {
  const pointer = await store.read(key);
  if (!pointer) return null;
  const named = z.object({ folder: z.string() }).safeParse(JSON.parse(pointer.bytes.toString()));
  return named.success ? named.data.folder : null;
}
