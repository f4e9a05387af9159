/** One command for every figure, table and theorem: `npm run figure1`. It starts the workflow, or joins it where it
 *  runs already, follows it, and copies what was made. Run again it goes on, or answers from the store. */
import { Command, InvalidArgumentError, Option } from 'commander';
import {
  DatasetName,
  Precision,
  Profile,
  type Reproduction,
  type WorkflowType,
} from '../../activities/contract.ts';
import { contentId } from '../../activities/identity/identity.ts';
import { parseOptions } from '../../activities/read-options.ts';
import type { Store } from '../../activities/store/store.ts';
import { readConfig } from '../config.ts';
import { openSession, type Session } from '../session.ts';
import { artifactRows, type Follow, follow, type RowsOf } from './follow.ts';
import { untilInterrupted } from './interrupt.ts';
import { showReproduction } from './results.ts';
import { checkSource, resolveSource } from './source.ts';

export type ArtifactWorkflow = Exclude<WorkflowType, 'trainNetwork'>;

export interface ArtifactCommand {
  /** As typed: `figure1`. */
  name: string;
  workflow: ArtifactWorkflow;
  description: string;
  /** Whether it reads CIFAR-10 or generated images, which are then found before it starts. */
  readsImages: boolean;
  /** Whether this input reads no images after all: it generates its points, or has no row of them. */
  generates?(input: object): boolean;
  /** Whether this input reads MNIST; absent where none does. */
  readsDigits?(input: object): boolean;
  /** Its own flags; a flag's name is the field's. */
  flags: Option[];
  /** What will run, of parsed options: it names the workflow, so that a changed grid is a new one and the same one is
   *  gone on with. Of what trains networks a list of `{ run }`, which `plan` and `why` read. */
  grid(input: object): unknown;
}

/** How a workflow's progress and its end are shown. */
export interface Display<Result> {
  rowsOf: RowsOf;
  show(store: Store, result: Result, to: { folder: string; json: boolean }): Promise<void>;
}

export const ARTIFACT_DISPLAY: Display<Reproduction> = { rowsOf: artifactRows, show: showReproduction };

/** Flags that say what is asked for; those without a name here are fields of the workflow's input. */
export interface Request {
  dataset?: DatasetName;
  data?: string;
  digits?: DatasetName;
  mnist?: string;
  input?: object;
  [field: string]: unknown;
}

interface Flags extends Request {
  out: string;
  json?: boolean;
}

export const list = (text: string) => text.split(',').map((item) => item.trim());
export const numbers = (text: string) =>
  list(text).map((item) => {
    if (item === '' || Number.isNaN(Number(item)))
      throw new InvalidArgumentError(`'${item}' is not a number.`);
    return Number(item);
  });

const inputObject = (text: string): object => {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {}
  throw new InvalidArgumentError(`'${text}' is not a JSON object.`);
};

/** Of everything that has a scale. */
export const profileFlag = () =>
  new Option('--profile <profile>', `how much is run: ${Profile.options.join(', ')} (quick)`);

/** Of everything that trains networks. */
export const howMuch = () => [
  profileFlag(),
  new Option('--seeds <list>', 'such as 1,2,3; pictures and tables show the spread').argParser(numbers),
  new Option('--precision <precision>', 'of matrix products and convolutions').choices(Precision.options),
];

const OF_IMAGES = () => [
  new Option('--dataset <name>', 'cifar10, or generated images').choices(DatasetName.options),
  new Option('--data <path or URL>', 'your archive, in any of the known forms (RETHINKING_DATA)'),
];

const OF_DIGITS = () => [
  new Option('--digits <name>', 'what Table 3 calls MNIST: mnist, or generated images').choices([
    'mnist',
    'procedural',
  ]),
  new Option('--mnist <folder or URL>', 'your copy of MNIST’s four files (RETHINKING_MNIST)'),
];

/** The command of one figure, table or theorem. */
export const artifactCommand = (artifact: ArtifactCommand) => workflowCommand(artifact, ARTIFACT_DISPLAY);

/** What every command about an artifact is asked with. */
export function requestCommand(artifact: ArtifactCommand): Command {
  const command = new Command(artifact.name).description(artifact.description);
  for (const flag of requestFlags(artifact)) command.addOption(flag);
  return command;
}

export const requestFlags = ({
  flags,
  readsImages,
  readsDigits,
}: Pick<ArtifactCommand, 'flags' | 'readsImages' | 'readsDigits'>): Option[] => [
  ...flags,
  ...(readsImages ? OF_IMAGES() : []),
  ...(readsDigits ? OF_DIGITS() : []),
  new Option(
    '--input <JSON>',
    'the workflow’s input, as `temporal workflow start` takes it; flags come on top',
  ).argParser(inputObject),
];

export interface ReadRequest {
  given: { dataset?: unknown; source?: unknown; digits?: unknown; digitsSource?: unknown };
  data: string | undefined;
  readsImages: boolean;
  /** Null where MNIST is not read. */
  digits: { folder: string | undefined } | null;
}

/** The workflow's input, and where the images are; says what is wrong before anything starts. */
export async function readRequest(
  artifact: Pick<ArtifactCommand, 'readsImages' | 'readsDigits' | 'generates'> & { workflow: WorkflowType },
  { dataset, data: named, digits, mnist, input, ...asked }: Request,
): Promise<ReadRequest> {
  const given = { ...input, ...(dataset && { dataset }), ...(digits && { digits }), ...asked };
  parseOptions(artifact.workflow, given);
  const name = DatasetName.safeParse('dataset' in given ? given.dataset : 'cifar10').data;
  const config = readConfig();
  const data = named ?? (name === 'mnist' ? config.RETHINKING_MNIST : config.RETHINKING_DATA);
  const readsImages = artifact.readsImages && !artifact.generates?.(given);
  if (readsImages) await checkSource(data, name === 'mnist' ? name : 'cifar10');
  const folder = mnist ?? config.RETHINKING_MNIST;
  const readsDigits = artifact.readsDigits?.(given) ?? false;
  if (readsDigits) await checkSource(folder, 'mnist');
  return { given, data, readsImages, digits: readsDigits ? { folder } : null };
}

/** `figure1` -> `results/figure-1` */
export const resultsOf = (name: string) => `results/${name.replace(/\d/, '-$&')}`;

export function workflowCommand<Result>(artifact: ArtifactCommand, display: Display<Result>): Command {
  return requestCommand(artifact)
    .option('--out <folder>', 'where pictures and numbers are copied to', resultsOf(artifact.name))
    .option('--json', 'one JSON line an event instead of progress for people')
    .action((flags: Flags) => run(artifact, display, flags));
}

async function run<Result>(
  artifact: ArtifactCommand,
  { rowsOf, show }: Display<Result>,
  flags: Flags,
): Promise<void> {
  const { out, json = false, ...request } = flags;
  const asked = await readRequest(artifact, request);

  const say = (line: string) => (json ? console.error(line) : console.log(line));
  const interrupted = untilInterrupted().then(() => 'interrupted' as const);
  const session = await openSession(say);
  try {
    const whole = await withPlaces(session, asked, say);
    const workflowId = `${artifact.name}-${contentId({ input: whole, grid: artifact.grid(whole) })}`;
    await session.client.workflow.start(artifact.workflow, {
      workflowId,
      taskQueue: 'rethinking',
      args: [whole],
      workflowIdConflictPolicy: 'USE_EXISTING', // it may be on its way already: the same command goes on
    });
    for (const other of await unfinishedOthers(session.client, artifact.workflow, workflowId)) {
      say(`${other}, from an earlier command, goes on too; \`npm run cancel -- ${other}\` ends it.`);
    }
    const follower = follow<Result>(session.client, workflowId, { json, rowsOf });
    const refused = session.refused.catch((error: unknown) => {
      follower.stop();
      throw error;
    });
    const ended = await Promise.race([follower.result, interrupted, refused]);
    if (ended === 'interrupted') leave(session, follower, workflowId, say);
    else await show(session.store, ended, { folder: out, json });
  } finally {
    await session.close();
  }
}

/** The input with the places of its images, which workers anywhere see. */
export async function withPlaces(
  session: Session,
  { given, data, readsImages, digits }: ReadRequest,
  say: (line: string) => void,
) {
  return {
    ...given,
    ...(readsImages && (await sourceOf(session, { input: given, data }, say))),
    ...(digits && (await digitsOf(session, { input: given, folder: digits.folder }, say))),
  };
}

/** An input that names its source is taken at its word; else the machine's is found. */
async function sourceOf(
  { store }: Session,
  { input, data }: { input: { dataset?: unknown; source?: unknown }; data?: string },
  say: (line: string) => void,
) {
  if (typeof input.source === 'string') return {};
  const asked = input.dataset === undefined ? undefined : DatasetName.parse(input.dataset);
  return resolveSource(store, { asked, data }, say);
}

/** The same of MNIST. */
async function digitsOf(
  { store }: Session,
  { input, folder }: { input: { digits?: unknown; digitsSource?: unknown }; folder?: string },
  say: (line: string) => void,
) {
  if (typeof input.digitsSource === 'string') return {};
  const asked = input.digits === undefined ? undefined : DatasetName.parse(input.digits);
  const wanted = { asked, data: folder, wanted: 'mnist' as const, flag: '--mnist' };
  const { dataset, source } = await resolveSource(store, wanted, say);
  return { digits: dataset, digitsSource: source };
}

async function unfinishedOthers(
  client: Session['client'],
  type: WorkflowType,
  workflowId: string,
): Promise<string[]> {
  const others = [];
  const query = `WorkflowType = '${type}' AND ExecutionStatus = 'Running'`;
  for await (const found of client.workflow.list({ query })) {
    if (found.workflowId !== workflowId) others.push(found.workflowId);
  }
  return others;
}

function leave(session: Session, follower: Follow<unknown>, workflowId: string, say: (line: string) => void) {
  follower.stop();
  process.exitCode = 130;
  say(
    session.owner
      ? 'Stopping; trainings checkpoint first. The same command goes on from there.'
      : `Detached: ${workflowId} goes on without you. The same command shows it again.`,
  );
}
