/** `npm run why -- WHAT`: what a run or an artifact was made from and with, what of that has changed since, and why it was
 *  computed or reused. */
import { Command } from 'commander';
import { readArtifact, runsOf } from '../../activities/comparison/artifacts.ts';
import { Trajectory } from '../../activities/contract.ts';
import { DRAWING } from '../../activities/draw-figure.ts';
import { inputsNow } from '../../activities/lineage/inputs.ts';
import { requestOf } from '../../activities/lineage/request.ts';
import { lineageOfRun } from '../../activities/lineage/run-lineage.ts';

import { readStoredRuns, type StoredRun } from '../../activities/plan/stored-runs.ts';
import { readLinks } from '../../activities/store/checkpoint-chain.ts';
import { unlessDamaged } from '../../activities/store/damage.ts';
import * as keys from '../../activities/store/keys.ts';
import { describeEnvironment } from '../config.ts';
import { openLook, type Session } from '../session.ts';
import { findSubjects, type Subject } from './find.ts';
import { meantToday } from './today.ts';
import { type ArtifactReason, artifactLines, type RunReason, runLines } from './why-lines.ts';

export const whyCommand = () =>
  new Command('why')
    .description(
      'Say what a run or an artifact was made from, what has changed since, and why it was computed or reused',
    )
    .argument('<what>', 'an id, a key, a file copied from the store, or a name such as figure-1a or table-1')
    .option('--json', 'one JSON object a line')
    .action(why);

async function why(what: string, { json = false }: { json?: boolean }): Promise<void> {
  const session = await openLook((line) => console.error(line));
  try {
    const subjects = await findSubjects(session.store, what);
    const stored = await readStoredRuns(session.store);
    for (const [index, subject] of subjects.entries()) {
      if (index > 0 && !json) console.log('');
      if (subject.kind === 'run') {
        const reason = await reasonOfRun(session, subject, stored);
        console.log(json ? asJson({ kind: 'run', ...reason }) : runLines(reason).join('\n'));
      } else {
        const reason = await reasonOfArtifact(session, subject, stored);
        console.log(json ? asJson({ kind: 'artifact', ...reason }) : artifactLines(reason).join('\n'));
      }
    }
  } finally {
    await session.close();
  }
}

const asJson = (value: object) =>
  JSON.stringify(value, (_name, field: unknown) =>
    field instanceof Map ? Object.fromEntries(field) : field,
  );

/** Versions of this process; what trains reports its own. */
function versionsNow({ config }: Session): Record<string, string> {
  const { code, node } = describeEnvironment(config);
  return {
    [code.name]: code.commit ? `${code.version} (commit ${code.commit})` : code.version,
    'Node.js': node,
  };
}

async function reasonOfRun(
  session: Session,
  { id, trajectoryId }: Extract<Subject, { kind: 'run' }>,
  stored: readonly StoredRun[],
): Promise<RunReason> {
  const { store } = session;
  const ids = { id, trajectoryId };
  if (!(await store.head(keys.outcome(ids)))) {
    const links = await newestLink(session, ids);
    return { ...ids, lineage: null, newestCheckpoint: links, versions: versionsNow(session), recipe };
  }
  const lineage = await lineageOfRun(store, ids, stored);
  return { ...ids, lineage, newestCheckpoint: null, versions: versionsNow(session), recipe };
}

const { value: recipe } = Trajectory.shape.recipe;

async function reasonOfArtifact(
  session: Session,
  { folder, latest }: Extract<Subject, { kind: 'artifact' }>,
  stored: readonly StoredRun[],
): Promise<ArtifactReason> {
  const { store } = session;
  const origin = await readArtifact(store, folder);
  const request = await requestOf(store, origin, stored);
  const drawing = origin.parameters.get('drawing');
  return {
    folder,
    latest,
    origin,
    inputs: await inputsNow(store, origin),
    runs: runsOf(origin).map((id) => ({ id, stored: stored.find((run) => run.id === id) ?? null })),
    request,
    today: request && (await meantToday(session, request, stored)),
    drawnAnew: typeof drawing === 'number' && drawing < DRAWING,
    versions: versionsNow(session),
  };
}

async function newestLink({ store }: Session, ids: Pick<StoredRun, 'id' | 'trajectoryId'>) {
  const links = await unlessDamaged(() => readLinks(store, keys.checkpointPointer(ids)));
  return links?.[0]?.step ?? null;
}
