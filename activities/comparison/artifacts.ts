/** Two artifacts of the store, such as two nights' verdicts or reports: only what differs. */
import { z } from 'zod';
import { type Difference as Drift, Verdict } from '../contract.ts';
import { compareVerdicts } from '../drift/verdicts.ts';
import { Failure } from '../failure/failure.ts';
import { type Origin, readOrigin } from '../provenance/origin.ts';
import type { Store } from '../store/store.ts';
import { computedWith } from './runs.ts';
import { type Difference, differencesOf } from './settings.ts';

export interface ArtifactComparison {
  /** Request and settings, as far as they are recorded. */
  settings: Difference[];
  /** Ids of runs that only one side was made from. */
  runs: { one: string[]; other: string[] };
  computedWith: Difference[];
  /** File names whose bytes differ, or that one side lacks. */
  files: string[];
  /** Of verdicts, and of a report those of every artifact in it: what flipped, numbers outside their spread, texts. */
  verdicts: Drift[];
  /** Claims that only one side judges. */
  claims: { one: string[]; other: string[] };
}

/** Folders, such as `verdicts/figure-1/<inputs id>`. */
export async function compareArtifacts(store: Store, folders: [string, string]): Promise<ArtifactComparison> {
  const [one, other] = await Promise.all(folders.map((folder) => readArtifact(store, folder)));
  if (!one || !other) throw new Error('two artifacts are compared');
  const [mine, theirs] = [runsOf(one), runsOf(other)];
  const [before, now] = [await verdictsOf(store, one), await verdictsOf(store, other)];
  const names = [...new Set([...filesOf(one).keys(), ...filesOf(other).keys()])];
  return {
    settings: differencesOf(settingsOf(one), settingsOf(other)),
    runs: inOneAlone(mine, theirs),
    computedWith: differencesOf(computedWith(one), computedWith(other)),
    files: names.filter((name) => filesOf(one).get(name) !== filesOf(other).get(name)),
    verdicts: compareVerdicts(before, now),
    claims: inOneAlone(before.map(claimOf), now.map(claimOf)),
  };
}

const claimOf = ({ claim }: Verdict) => claim;

const inOneAlone = (one: string[], other: string[]) => ({
  one: one.filter((name) => !other.includes(name)),
  other: other.filter((name) => !one.includes(name)),
});

/** Where an artifact comes from. Fails with InvalidInput where the folder has no whole provenance. */
export async function readArtifact(store: Store, folder: string): Promise<Origin> {
  const crate = await store.read(`${folder}/ro-crate-metadata.json`);
  const origin = crate && readOrigin(crate.bytes);
  if (origin) return origin;
  throw new Failure(
    'InvalidInput',
    `${folder} has no provenance: it is not an artifact, or whoever wrote it was killed.`,
  );
}

/** Ids of the runs that an artifact was made from. */
export function runsOf({ parameters }: Origin): string[] {
  const runs = z.array(z.string()).safeParse(parameters.get('runs'));
  return runs.success ? runs.data : [];
}

const settingsOf = ({ about, parameters }: Origin) => ({
  about,
  ...Object.fromEntries([...parameters].filter(([name]) => name !== 'runs')),
});

const filesOf = ({ outputs }: Origin) =>
  new Map(outputs.map(({ key, sha256 }) => [key.slice(key.lastIndexOf('/') + 1), sha256]));

const Judged = z.object({ verdicts: z.array(Verdict) });

async function verdictsOf(store: Store, { inputs, outputs }: Origin): Promise<Verdict[]> {
  const records = [...outputs, ...inputs].filter(({ key }) => /^verdicts\/.*\.json$/.test(key));
  const found = await Promise.all(
    records.map(async ({ key, sha256 }) => {
      const bytes = await store.get({ key, sha256, bytes: 0 });
      return Judged.parse(JSON.parse(bytes.toString())).verdicts;
    }),
  );
  return found.flat();
}
