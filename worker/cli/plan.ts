/** `npm run plan -- figure1 …`: what the command with the same flags would train, what is stored, and what it costs.
 *  Starts no training; where the local stack does not run its servers are started without workers. */
import { availableParallelism, cpus } from 'node:os';
import { Command } from 'commander';
import { trainingWorkflowId } from '../../activities/await-training.ts';
import { type DatasetId, DatasetName, type DatasetRef } from '../../activities/contract.ts';
import { planRun } from '../../activities/identity/run-id.ts';
import { type PlannedTraining, planTrainings } from '../../activities/plan/plan.ts';
import { preparedBytes } from '../../activities/plan/prepared.ts';
import { readStoredRuns, type StoredRun } from '../../activities/plan/stored-runs.ts';
import { parseOptions } from '../../activities/read-options.ts';
import { openLook, type Session } from '../session.ts';
import {
  type ArtifactCommand,
  type ReadRequest,
  type Request,
  readRequest,
  requestCommand,
} from './artifact.ts';
import { ARTIFACTS } from './artifacts.ts';
import { type Identified, identifyDigits, identifyImageNet, identifyImages } from './identify.ts';
import { PAPER } from './paper.ts';
import { type Plan, planLines } from './plan-lines.ts';
import { type Requested, requestedBy } from './requested.ts';
import { planSolves, solves } from './solves.ts';

export function planCommand(): Command {
  const command = new Command('plan').description(
    'Say what a command would train, what is stored, how long it takes and how much it writes; starts nothing',
  );
  for (const artifact of [PAPER, ...ARTIFACTS]) {
    command.addCommand(
      requestCommand(artifact)
        .option('--json', 'one JSON object')
        .action(({ json = false, ...request }: Request & { json?: boolean }) =>
          plan(artifact, request, json),
        ),
    );
  }
  return command;
}

async function plan(artifact: ArtifactCommand, request: Request, json: boolean): Promise<void> {
  const asked = await readRequest(artifact, request);
  const say = (line: string) => console.error(line);
  const session = await openLook(say);
  try {
    const made = await makePlan(session, { artifact, ...asked }, say);
    console.log(json ? JSON.stringify({ kind: 'plan', plan: made }) : planLines(made).join('\n'));
  } finally {
    await session.close();
  }
}

// No data set has it: what is bound to it is found in no store.
const UNKNOWN = '0'.repeat(64);

async function makePlan(
  session: Session,
  asked: { artifact: ArtifactCommand } & ReadRequest,
  say: (line: string) => void,
): Promise<Plan> {
  const { store, stack } = session;
  const { artifact, given, data } = asked;
  const requested = requestedBy(artifact, given);
  const images = await imagesOf(session, requested, { given, data }, say);
  const digits = asked.digits && (await digitsOf(session, { given, ...asked.digits }, say));
  const here = stack ? measuredHere : () => true;
  const id: DatasetId = images?.ref?.id ?? { name: images?.dataset ?? 'cifar10', sha256: UNKNOWN };
  const stored = await readStoredRuns(store);
  const trainings = await planTrainings(
    store,
    requested.flatMap(({ runs }) => runs.map((run) => planRun(id, run))),
    stored,
    here,
  );
  const read = { images: datasetOf(images), digits: datasetOf(digits) };
  const underWay = await underWayOf(session, trainings);
  const options = parseOptions(artifact.workflow, given);
  return {
    command: artifact.name,
    profile: 'profile' in options ? options.profile : null,
    images: images && { name: images.ref?.title ?? images.name, sha256: images.ref?.id.sha256 ?? null },
    trainings: trainings.map((training) => ({ ...training, underWay: underWay.has(training.planned.id) })),
    solves: await planSolves(store, requested, read, here),
    preparedBytes: read.images ? await preparedBytes(store, read.images, trainings) : 0,
    anywhere: stack === null,
  };
}

/** ImageNet stays where it lies. */
const datasetOf = (found: Identified | null): DatasetRef | null =>
  found && isArrays(found.ref) ? found.ref : null;
const isArrays = (ref: Identified['ref']): ref is DatasetRef => ref !== null && 'labels' in ref.train;

/** Null where nothing is trained. */
async function imagesOf(
  session: Session,
  requested: Requested[],
  { given, data }: { given: { dataset?: unknown; source?: unknown }; data: string | undefined },
  say: (line: string) => void,
): Promise<Identified | null> {
  const runs = requested.flatMap((one) => one.runs);
  if (runs.length === 0 && !requested.some(solves)) return null;
  return runs.some(({ trajectory }) => trajectory.model === 'inception-v3')
    ? identifyImageNet(session, given)
    : identifyImages(session, given, data, say);
}

function digitsOf(
  session: Session,
  { given, folder }: { given: ReadRequest['given']; folder: string | undefined },
  say: (line: string) => void,
): Promise<Identified> {
  const asked = given.digits === undefined ? undefined : DatasetName.parse(given.digits);
  const named = typeof given.digitsSource === 'string' ? given.digitsSource : folder;
  return identifyDigits(session, { asked, named }, say);
}

/** Whether a record is of a machine like this one. */
function measuredHere({ machine }: Pick<StoredRun['origin'], 'machine'>): boolean {
  return (
    machine.startsWith(`${cpus()[0]?.model ?? 'unknown'},`) &&
    machine.endsWith(`threads: ${availableParallelism()}`)
  );
}

/** Ids of the trainings whose workflow is open. */
async function underWayOf({ client }: Session, trainings: PlannedTraining[]): Promise<Set<string>> {
  const open = new Set<string>();
  const query = `WorkflowType = 'trainNetwork' AND ExecutionStatus = 'Running'`;
  for await (const { workflowId } of client.workflow.list({ query })) open.add(workflowId);
  return new Set(trainings.map(({ planned }) => planned.id).filter((id) => open.has(trainingWorkflowId(id))));
}
