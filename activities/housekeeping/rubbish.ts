/** What nobody needs any more, and why. A finished run's result, a picture that is shown and whatever a running workflow
 *  may read are never among it, and nothing that is younger than the margin. */
import { runOfCheckpoint } from '../store/keys.ts';
import type { StoredObject, Upload } from '../store/s3-contents.ts';
import { type ArtifactFacts, CRATE, type Facts, type RunFacts } from './facts.ts';

export interface Retention {
  now: Date;
  /** What changed within so many milliseconds stays, whatever it is: someone may be writing it. */
  marginMs: number;
  /** How many checkpoints of a run that has not ended stay. */
  unfinishedCheckpoints: number;
  /** Checkpoints of runs that have not ended and that nobody has gone on with for so long; null keeps them. */
  unfinishedMs: number | null;
  /** Artifacts that no `latest` names or was made from. */
  superseded: boolean;
  /** Prepared images, which are made again where a training needs them. */
  prepared: boolean;
  /** Canaries that did not change for so long; null keeps them. */
  canariesMs: number | null;
  /** Today's version of the drawing. */
  drawing: number;
}

/** What Temporal knows while we look. */
export interface Running {
  /** Ids of the runs of trainings. */
  runs: ReadonlySet<string>;
  /** Workflows that may read any artifact. */
  others: string[];
  /** Trainings that were started under a name of their own, so that their run is not known. */
  unnamed: string[];
  /** Keys of the large payloads that histories name. */
  payloads: ReadonlySet<string>;
}

export const KINDS = {
  'stray-checkpoint': 'checkpoints that no run names: of attempts that were killed or fenced off',
  'finished-run':
    'checkpoints of finished runs before the last, which is the one that a longer run goes on from',
  'solved-kernel': 'iterates of kernel systems that are solved',
  retention: 'checkpoints of unfinished runs beyond those that are kept',
  'unfinished-run': 'checkpoints of unfinished runs that nobody goes on with',
  damaged:
    'objects that were set aside because their bytes were damaged, and made again since where they were needed',
  probe: 'left by workers that were killed while they looked at the store',
  upload: 'uploads that were begun and never finished',
  'unfinished-folder': 'folders of artifacts without provenance: whoever wrote them was killed',
  'older-drawing': 'pictures as an older version of the code drew them; the numbers are drawn anew',
  superseded:
    'artifacts of older inputs: no `latest` names them, and nothing that one names was made from them',
  canary: 'canaries of past nights: stored runs that were trained again under a salted id',
  payload: 'what was too large for a history, and what no history that Temporal still has names any more',
  prepared: 'prepared images; made again from the data set when a training needs them',
} as const;
export type Kind = keyof typeof KINDS;

/** objects go in this order. */
export interface Rubbish {
  kind: Kind;
  objects: StoredObject[];
  /** The pointer of a run that names them as its checkpoints, and has to forget them first. */
  chain: string | null;
  /** The pointer of an artifact that must not name their folder by now. */
  latest: string | null;
  upload: Upload | null;
}

export function rubbishOf(all: Facts, running: Running, retention: Retention): Rubbish[] {
  const { now, marginMs, superseded, prepared } = retention;
  const isOld = (date: Date, ms = marginMs) => now.getTime() - date.getTime() >= ms;
  const { canaries, facts } = withoutCanaries(all, running, retention, isOld);
  const old = facts.objects.filter(({ modified }) => isOld(modified));
  const under = (kind: Kind, pattern: RegExp) =>
    old.filter(({ key }) => pattern.test(key)).map((object) => piece(kind, [object]));
  const quiet = running.others.length === 0;
  return [
    ...canaries,
    ...checkpoints(facts, running, retention, isOld),
    ...(quiet ? iterates(old) : []),
    ...under('damaged', /^damaged\//),
    ...under('probe', /^probe\//),
    ...(quiet ? under('payload', /^payloads\//).filter((one) => !namedIn(running, one)) : []),
    ...facts.uploads
      .filter(({ started }) => isOld(started))
      .map((upload) => ({ ...piece('upload', []), upload })),
    ...(quiet ? artifacts(facts.artifacts, retention, isOld, superseded) : []),
    ...(quiet && prepared && running.runs.size + running.unnamed.length === 0
      ? under('prepared', /^datasets\/[^/]+\/[^/]+\/prepared\//)
      : []),
  ];
}

const piece = (
  kind: Kind,
  objects: StoredObject[],
  pointers: Partial<Pick<Rubbish, 'chain' | 'latest'>> = {},
): Rubbish => ({ kind, objects, chain: null, latest: null, upload: null, ...pointers });

const namedIn = ({ payloads }: Running, { objects }: Rubbish) => objects.some(({ key }) => payloads.has(key));

type IsOld = (date: Date, ms?: number) => boolean;

/** Past canaries, each whole, and the facts about everything else. */
function withoutCanaries(
  facts: Facts,
  { runs: training, unnamed }: Running,
  { canariesMs }: Retention,
  isOld: IsOld,
): { canaries: Rubbish[]; facts: Facts } {
  if (canariesMs === null || unnamed.length > 0) return { canaries: [], facts };
  const folder = (id: string) => `trajectories/${id}/`;
  const past = facts.salted.filter((id) => {
    const runs = facts.runs.filter(({ trajectoryId }) => trajectoryId === id);
    const objects = facts.objects.filter(({ key }) => key.startsWith(folder(id)));
    return (
      !runs.some((run) => training.has(run.id)) &&
      objects.every(({ modified }) => isOld(modified, canariesMs))
    );
  });
  const isPast = (key: string) => past.some((id) => key.startsWith(folder(id)));
  return {
    canaries: past.map((id) =>
      piece('canary', facts.objects.filter(({ key }) => key.startsWith(folder(id))).toSorted(saltLast)),
    ),
    facts: {
      ...facts,
      runs: facts.runs.filter(({ trajectoryId }) => !past.includes(trajectoryId)),
      objects: facts.objects.filter(({ key }) => !isPast(key)),
    },
  };
}

// What names others first, and last what says that all of it is a canary's, whatever becomes of us.
const IN_TURN = [CRATE, 'outcome.json', 'checkpoint.json', '', 'trajectory.json'];
const turn = ({ key }: StoredObject) =>
  IN_TURN.indexOf(IN_TURN.find((name) => name && key.endsWith(`/${name}`)) ?? '');
const saltLast = (one: StoredObject, other: StoredObject) => turn(one) - turn(other);

/** Of trajectories in which nothing trains: a training there may go on from any of their checkpoints. */
function checkpoints(
  { objects, runs }: Facts,
  running: Running,
  { unfinishedCheckpoints, unfinishedMs }: Retention,
  isOld: IsOld,
): Rubbish[] {
  if (running.unnamed.length > 0) return [];
  const busy = new Set(
    runs
      .filter(({ id, links }) => running.runs.has(id) || links === null)
      .map(({ trajectoryId }) => trajectoryId),
  );
  const byKey = new Map(objects.map((object) => [object.key, object]));
  const named = new Set(
    runs.flatMap(({ links, last }) => [...(links ?? []).map(({ key }) => key), ...(last ? [last] : [])]),
  );
  // A run whose pointer was set aside finds its checkpoints by their names.
  const known = new Set(runs.flatMap(({ id, links }) => (links === null ? [] : [id])));
  const stray = objects
    .filter(({ key }) => CHECKPOINT.test(key) && !named.has(key) && known.has(runOfCheckpoint(key)))
    .filter(({ key }) => !busy.has(key.split('/')[1] ?? '') && !running.runs.has(runOfCheckpoint(key)))
    .map((object) => piece('stray-checkpoint', [object]));
  const beyond = runs
    .filter(({ trajectoryId }) => !busy.has(trajectoryId))
    .map((run) => {
      const { kind, kept } = keptOf(run, byKey, isOld, { unfinishedCheckpoints, unfinishedMs });
      const gone = (run.links ?? []).slice(kept).flatMap(({ key }) => byKey.get(key) ?? []);
      const chain = `trajectories/${run.trajectoryId}/runs/${run.id}/checkpoint.json`;
      return piece(
        kind,
        gone.filter(({ key }) => key !== run.last),
        { chain },
      );
    });
  return [...stray, ...beyond]
    .map((one) => ({ ...one, objects: one.objects.filter(({ modified }) => isOld(modified)) }))
    .filter((one) => one.objects.length > 0);
}

const CHECKPOINT = /^trajectories\/[0-9a-f]{20}\/checkpoints\//;

/** A solution is not gone on from. */
function iterates(old: StoredObject[]): Rubbish[] {
  const solved = old.flatMap(
    ({ key }) => /^(kernels\/[0-9a-f]{20}\/)ro-crate-metadata\.json$/.exec(key)?.[1] ?? [],
  );
  return solved.flatMap((folder) => {
    const gone = old.filter(({ key }) => key.startsWith(`${folder}checkpoints/`));
    return gone.length > 0 ? [piece('solved-kernel', gone, { chain: `${folder}checkpoint.json` })] : [];
  });
}

/** How many of a run's checkpoints stay, the newest first. */
function keptOf(
  { links, last }: RunFacts,
  byKey: ReadonlyMap<string, StoredObject>,
  isOld: IsOld,
  { unfinishedCheckpoints, unfinishedMs }: Pick<Retention, 'unfinishedCheckpoints' | 'unfinishedMs'>,
): { kind: Kind; kept: number } {
  if (last !== null) return { kind: 'finished-run', kept: 1 };
  const newest = byKey.get(links?.[0]?.key ?? '');
  return unfinishedMs !== null && newest && isOld(newest.modified, unfinishedMs)
    ? { kind: 'unfinished-run', kept: 0 }
    : { kind: 'retention', kept: unfinishedCheckpoints };
}

function artifacts(
  all: ArtifactFacts[],
  { drawing }: Retention,
  isOld: IsOld,
  superseded: boolean,
): Rubbish[] {
  const needed = neededBy(all);
  return all
    .filter(({ folder, objects }) => !needed.has(folder) && objects.every(({ modified }) => isOld(modified)))
    .flatMap((artifact) => {
      const kind =
        artifact.inputs === null
          ? 'unfinished-folder'
          : artifact.drawing !== null && artifact.drawing < drawing
            ? 'older-drawing'
            : superseded
              ? 'superseded'
              : null;
      return kind ? [piece(kind, provenanceFirst(artifact), { latest: latestOf(artifact) })] : [];
    });
}

const latestOf = ({ folder }: ArtifactFacts) => `${folder.slice(0, folder.lastIndexOf('/'))}/latest`;

/** Without it the rest counts as unfinished, whatever becomes of us. */
const provenanceFirst = ({ objects }: ArtifactFacts) =>
  objects.toSorted((one, other) => Number(other.key.endsWith(CRATE)) - Number(one.key.endsWith(CRATE)));

/** Folders that a `latest` names, and those that they were made from. */
function neededBy(all: ArtifactFacts[]): Set<string> {
  const byFolder = new Map(all.map((artifact) => [artifact.folder, artifact]));
  const needed = new Set<string>();
  const visit = ({ folder, inputs }: ArtifactFacts) => {
    if (needed.has(folder)) return;
    needed.add(folder);
    for (const key of inputs ?? []) {
      const input = byFolder.get(key.slice(0, key.lastIndexOf('/')));
      if (input) visit(input);
    }
  };
  for (const artifact of all) if (artifact.latest) visit(artifact);
  return needed;
}
