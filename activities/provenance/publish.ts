/** Writes the files of one artifact, once, each with its origin, and lets the `latest` pointer name their folder, which of
 *  writers that race is the last one's; each one's folder stays. */
import type { ObjectRef } from '../contract.ts';
import { point } from '../store/pointer.ts';
import type { Store } from '../store/store.ts';
import { type Environment, provenance } from './provenance.ts';

/** What every activity that publishes an artifact is made from. */
export interface Publishing {
  store: Store;
  environment: Environment;
  now: () => Date;
}

/** Files that are there already stay as they are. References come in the order of the files. */
export async function publish(
  store: Store,
  artifact: {
    /** The key of a file in the artifact's folder; '' gives the folder. */
    keyOf: (file: string) => string;
    /** The key of the pointer. */
    latest: string;
    files: { name: string; bytes: Uint8Array | string; contentType: string }[];
    title: string;
    about: string;
    inputs: ObjectRef[];
    parameters: Record<string, unknown>;
    environment: Environment;
    startedAt: Date;
    now: () => Date;
  },
): Promise<{ folder: string; outputs: ObjectRef[]; provenance: ObjectRef }> {
  const { keyOf, files, now, latest, ...record } = artifact;
  const outputs = await Promise.all(
    files.map(({ name, bytes, contentType }) =>
      store.putIfAbsent(keyOf(name), Buffer.from(bytes), contentType),
    ),
  );
  const crate = provenance({ ...record, outputs, endedAt: now() });
  const origin = await store.putIfAbsent(keyOf('ro-crate-metadata.json'), crate, 'application/ld+json');
  const folder = keyOf('').replace(/\/$/, '');
  await point(store, latest, Buffer.from(`${JSON.stringify({ folder })}\n`));
  return { folder, outputs, provenance: origin };
}

/** The artifact, if all of its files and their origin are there already; `latest` names its folder then. */
export async function findPublished(
  store: Store,
  { keyOf, latest, names }: { keyOf: (file: string) => string; latest: string; names: string[] },
): Promise<{ folder: string; outputs: ObjectRef[]; provenance: ObjectRef } | null> {
  const found = await Promise.all(
    [...names, 'ro-crate-metadata.json'].map((name) => store.head(keyOf(name))),
  );
  const present = found.filter((ref) => ref !== null);
  const provenance = present.pop();
  if (present.length < names.length || !provenance) return null;
  const folder = keyOf('').replace(/\/$/, '');
  await point(store, latest, Buffer.from(`${JSON.stringify({ folder })}\n`));
  return { folder, outputs: present, provenance };
}
