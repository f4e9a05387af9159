/** What decides whether an object is still of use: read after the listing, so that what was written in between is at
 *  worst not seen, and never taken for rubbish. */
import { z } from 'zod';
import { ObjectRef } from '../contract.ts';
import { readOrigin } from '../provenance/origin.ts';
import { type Link, readLinks } from '../store/checkpoint-chain.ts';
import { unlessDamaged } from '../store/damage.ts';
import type { StoredObject, Upload } from '../store/s3-contents.ts';
import type { Store } from '../store/store.ts';

/** A run with checkpoints or an end. */
export interface RunFacts {
  trajectoryId: string;
  id: string;
  /** Newest first; null when there is no pointer to them, or none that can be read. */
  links: Link[] | null;
  /** The checkpoint that its outcome names; null of a run that has not ended. */
  last: string | null;
}

/** A folder that was written once, such as `figures/1a/<inputs id>`. */
export interface ArtifactFacts {
  folder: string;
  objects: StoredObject[];
  /** Whether its `latest` names it. */
  latest: boolean;
  /** Keys that its provenance names as inputs; null where it has none, which is written last. */
  inputs: string[] | null;
  /** Of a picture: which version of the drawing. */
  drawing: number | null;
}

export interface Facts {
  objects: StoredObject[];
  uploads: Upload[];
  runs: RunFacts[];
  artifacts: ArtifactFacts[];
  /** Ids of the trajectories of canaries. */
  salted: string[];
}

const IN_RUN = /^trajectories\/([0-9a-f]{20})\/runs\/([0-9a-f]{20})\/(checkpoint|outcome)\.json$/;
const TRAJECTORY = /^trajectories\/([0-9a-f]{20})\/trajectory\.json$/;
const Salted = z.object({ salt: z.string().optional() });
export const CRATE = 'ro-crate-metadata.json';
const Ended = z.object({ checkpoint: ObjectRef });
const Latest = z.object({ folder: z.string() });

export async function readFacts(
  store: Store,
  { objects, uploads }: Pick<Facts, 'objects' | 'uploads'>,
): Promise<Facts> {
  return {
    objects,
    uploads,
    runs: await runsOf(store, objects),
    artifacts: await artifactsOf(store, objects),
    salted: await saltedIn(store, objects),
  };
}

async function runsOf(store: Store, objects: StoredObject[]): Promise<RunFacts[]> {
  const there = new Set(objects.map(({ key }) => key));
  const runs = new Map<string, { trajectoryId: string; id: string; folder: string }>();
  for (const { key } of objects) {
    const [, trajectoryId, id] = IN_RUN.exec(key) ?? [];
    if (trajectoryId && id) runs.set(id, { trajectoryId, id, folder: key.slice(0, key.lastIndexOf('/')) });
  }
  return Promise.all(
    [...runs.values()].map(async ({ trajectoryId, id, folder }) => {
      const facts = await unlessDamaged(async () => {
        const outcome = await store.read(`${folder}/outcome.json`);
        return {
          links: there.has(`${folder}/checkpoint.json`)
            ? await readLinks(store, `${folder}/checkpoint.json`)
            : null,
          last: outcome && Ended.parse(JSON.parse(outcome.bytes.toString())).checkpoint.key,
        };
      });
      return { trajectoryId, id, links: null, last: null, ...facts };
    }),
  );
}

async function saltedIn(store: Store, objects: StoredObject[]): Promise<string[]> {
  const found = await Promise.all(
    objects.map(async ({ key }) => {
      const [, id] = TRAJECTORY.exec(key) ?? [];
      if (!id) return [];
      const salt = await unlessDamaged(async () => {
        const trajectory = await store.read(key);
        return trajectory && Salted.parse(JSON.parse(trajectory.bytes.toString())).salt;
      });
      return salt ? [id] : [];
    }),
  );
  return found.flat();
}

/** Wherever there is a `latest` that names a folder beside it: figures, tables, verdicts and whatever comes later. Data
 *  sets have one too, of another kind. */
async function artifactsOf(store: Store, objects: StoredObject[]): Promise<ArtifactFacts[]> {
  const pointers = objects.filter(({ key }) => key.endsWith('/latest') && !key.startsWith('datasets/'));
  const found = await Promise.all(
    pointers.map(async ({ key }) => {
      const latest = await unlessDamaged(async () => {
        const pointer = await store.read(key);
        return pointer && Latest.parse(JSON.parse(pointer.bytes.toString())).folder;
      });
      if (latest === null) return []; // nobody knows which of them counts
      const base = key.slice(0, -'latest'.length);
      const inside = objects.filter((object) => object.key.startsWith(base) && object.key !== key);
      const folders = new Set(
        inside.map((object) => `${base}${object.key.slice(base.length).split('/')[0]}`),
      );
      return Promise.all(
        [...folders].map((folder) =>
          artifactOf(
            store,
            folder,
            inside.filter((object) => object.key.startsWith(`${folder}/`)),
            latest,
          ),
        ),
      );
    }),
  );
  return found.flat();
}

async function artifactOf(
  store: Store,
  folder: string,
  objects: StoredObject[],
  latest: string,
): Promise<ArtifactFacts> {
  const crate = objects.find(({ key }) => key === `${folder}/${CRATE}`);
  const origin =
    crate &&
    (await unlessDamaged(async () => readOrigin((await store.read(crate.key))?.bytes ?? Buffer.of())));
  const drawing = origin?.parameters.get('drawing');
  return {
    folder,
    objects,
    latest: folder === latest,
    inputs: crate ? (origin?.inputs.map(({ key }) => key) ?? []) : null,
    drawing: typeof drawing === 'number' ? drawing : null,
  };
}
