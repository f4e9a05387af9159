/** `npm run gc`: what of the store nobody needs any more, and why; with `-- --yes` it goes. Killed in the middle it is
 *  run again. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { WorkflowNotFoundError } from '@temporalio/client';
import { Command, InvalidArgumentError, Option } from 'commander';
import { trainingWorkflowId } from '../../activities/await-training.ts';
import { WORKFLOW_OPTIONS } from '../../activities/contract.ts';
import { DRAWING } from '../../activities/draw-figure.ts';
import { collect } from '../../activities/housekeeping/collect.ts';
import { type Facts, readFacts } from '../../activities/housekeeping/facts.ts';
import { KINDS, type Rubbish, type Running, rubbishOf } from '../../activities/housekeeping/rubbish.ts';
import { isPayload, payloadsIn } from '../../activities/store/keys.ts';
import { type Contents, openContents } from '../../activities/store/s3-contents.ts';
import { s3Options } from '../config.ts';
import { openLook, type Session } from '../session.ts';
import { layout } from '../stack/record.ts';
import { staleUploads } from '../stack/sweep.ts';
import { count, size } from './said.ts';

interface Flags {
  yes?: boolean;
  json?: boolean;
  olderThan: number;
  checkpoints: '1' | '2';
  unfinished?: number;
  superseded?: boolean;
  prepared?: boolean;
  canaries?: number;
}

const HOUR_MS = 3_600_000;
const SHOWN = 5;

const positive = (text: string) => {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0))
    throw new InvalidArgumentError(`'${text}' is not a length of time.`);
  return value;
};

export const gcCommand = () =>
  new Command('gc')
    .description('Say what of the store nobody needs any more, and why; with --yes remove it')
    .option('--yes', 'remove it')
    .addOption(
      new Option('--older-than <hours>', 'younger things stay, whatever they are')
        .argParser(positive)
        .default(24),
    )
    .addOption(
      new Option('--checkpoints <number>', 'that stay of a run that has not ended')
        .choices(['1', '2'])
        .default('2'),
    )
    .addOption(
      new Option(
        '--unfinished <days>',
        'also the checkpoints of runs that have not ended and did not change for so long',
      ).argParser(positive),
    )
    .option('--superseded', 'also figures, tables, verdicts and reports of older inputs')
    .option('--prepared', 'also prepared images, which are made again when they are needed')
    .addOption(
      new Option('--canaries <days>', 'also canaries of nights that are so long past').argParser(positive),
    )
    .option('--json', 'one JSON object')
    .action(gc);

async function gc(flags: Flags): Promise<void> {
  const session = await openLook((line) => console.error(line));
  try {
    const contents = openContents(s3Options(session.config));
    const now = new Date();
    const before = new Date(now.getTime() - flags.olderThan * HOUR_MS);
    const held = await runningNow(session);
    const facts = await readFacts(session.store, await listed(contents));
    const payloads = facts.objects.some(({ key }) => isPayload(key))
      ? await payloadsNamed(session.client)
      : [];
    const running: Running = { ...held, payloads: new Set(payloads) };
    const rubbish = rubbishOf(facts, running, {
      now,
      marginMs: flags.olderThan * HOUR_MS,
      unfinishedCheckpoints: Number(flags.checkpoints),
      unfinishedMs: flags.unfinished === undefined ? null : flags.unfinished * 24 * HOUR_MS,
      superseded: flags.superseded ?? false,
      prepared: flags.prepared ?? false,
      canariesMs: flags.canaries === undefined ? null : flags.canaries * 24 * HOUR_MS,
      drawing: DRAWING,
    });
    const files = session.stack
      ? await staleUploads(layout(join(session.config.RETHINKING_HOME, '.rethinking')).objects, before)
      : [];
    const found = { rubbish, files, running, whole: facts.objects };
    if (flags.json) console.log(JSON.stringify(asJson(found, flags)));
    else console.log(lines(found, flags).join('\n'));
    if (flags.yes && rubbish.length + files.length > 0)
      await free(session, contents, found, flags.json ?? false);
  } finally {
    await session.close();
  }
}

interface Found {
  rubbish: Rubbish[];
  /** Of the local S3 server. */
  files: { path: string; bytes: number }[];
  running: Running;
  /** Everything there is. */
  whole: Facts['objects'];
}

async function listed(contents: Contents): Promise<Pick<Facts, 'objects' | 'uploads'>> {
  const [objects, uploads]: [Facts['objects'], Facts['uploads']] = [[], []];
  for await (const object of contents.objects()) objects.push(object);
  for await (const upload of contents.uploads()) uploads.push(upload);
  return { objects, uploads };
}

const OURS = `WorkflowType IN (${Object.keys(WORKFLOW_OPTIONS)
  .map((type) => `'${type}'`)
  .join(', ')})`;

async function runningNow({ client }: Session): Promise<Omit<Running, 'payloads'>> {
  const query = `${OURS} AND ExecutionStatus = 'Running'`;
  const [runs, others, unnamed]: [Set<string>, string[], string[]] = [new Set(), [], []];
  const named = new RegExp(`^${trainingWorkflowId('([0-9a-f]{20})')}$`);
  for await (const { workflowId, type } of client.workflow.list({ query })) {
    const [, run] = named.exec(workflowId) ?? [];
    if (type !== 'trainNetwork') others.push(workflowId);
    else if (run) runs.add(run);
    else unnamed.push(workflowId);
  }
  return { runs, others, unnamed };
}

/** What is named by any history that Temporal still has, read one by one: a parent's repeats what its child's says, and that
 *  of a workflow that was reset what came before. */
async function payloadsNamed(client: Session['client']): Promise<string[]> {
  const named: string[] = [];
  for await (const { workflowId, runId } of client.workflow.list({ query: OURS })) {
    try {
      const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
      named.push(...bytesIn(events).flatMap((bytes) => payloadsIn(Buffer.from(bytes).toString('latin1'))));
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error; // its time was up in between
    }
  }
  return named;
}

/** Wherever an event has them: of inputs, results, failures' details. */
function bytesIn(value: unknown): Uint8Array[] {
  if (value instanceof Uint8Array) return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(bytesIn) : [];
}

const bytesOf = (objects: { bytes: number }[]) => objects.reduce((sum, { bytes }) => sum + bytes, 0);

function asJson({ rubbish, files, running, whole }: Found, { yes = false }: Flags) {
  return {
    kind: 'gc',
    remove: yes,
    objects: rubbish.flatMap(({ kind, objects }) =>
      objects.map(({ key, bytes }) => ({ kind, key, bytes, why: KINDS[kind] })),
    ),
    uploads: rubbish.flatMap(({ upload }) => upload ?? []),
    files,
    bytes: bytesOf(rubbish.flatMap(({ objects }) => objects)) + bytesOf(files),
    storeBytes: bytesOf(whole),
    running: [...[...running.runs].map(trainingWorkflowId), ...running.unnamed, ...running.others],
  };
}

function lines({ rubbish, files, running, whole }: Found, flags: Flags): string[] {
  const bytes = bytesOf(rubbish.flatMap(({ objects }) => objects)) + bytesOf(files);
  const kinds = [...new Set(rubbish.map(({ kind }) => kind))];
  const groups = kinds.flatMap((kind) => {
    const own = rubbish.filter((one) => one.kind === kind);
    const objects = own.flatMap((one) => one.objects);
    const uploads = own.flatMap(({ upload }) => upload ?? []);
    return [
      `${size(bytesOf(objects)).padStart(7)}  ${count(objects.length + uploads.length)} ${KINDS[kind]}`,
      ...cut([
        ...objects.map(({ key, bytes }) => `${key} (${size(bytes)})`),
        ...uploads.map(({ key, started }) => `${key}, begun ${started.toISOString()}`),
      ]),
    ];
  });
  const temporary =
    files.length > 0
      ? [
          `${size(bytesOf(files)).padStart(7)}  ${count(files.length)} temporary files of the local S3 server, of uploads that were killed`,
          ...cut(files.map(({ path, bytes }) => `${path} (${size(bytes)})`)),
        ]
      : [];
  const nothing = groups.length + temporary.length === 0;
  return [
    ...groups,
    ...temporary,
    ...held(running),
    nothing
      ? `Nothing to remove: all ${size(bytesOf(whole))} of the store (${count(whole.length)} objects) are of use, or younger than ${flags.olderThan} hours.`
      : `${size(bytes)} of ${size(bytesOf(whole))}.${flags.yes ? '' : ' Nothing was removed: `npm run gc -- --yes` does, with the same flags.'}`,
  ];
}

const cut = (items: string[]) => [
  ...items.slice(0, SHOWN).map((item) => `           ${item}`),
  ...(items.length > SHOWN ? [`           and ${count(items.length - SHOWN)} more (--json lists them)`] : []),
];

/** What is not looked for because something runs. */
function held({ runs, others, unnamed }: Running): string[] {
  return [
    ...(runs.size > 0
      ? [
          `${count(runs.size)} ${runs.size === 1 ? 'training runs' : 'trainings run'}: their checkpoints, and those that they may go on from, stay.`,
        ]
      : []),
    ...(unnamed.length > 0 ? [`${unnamed.join(', ')} runs: all checkpoints stay until it has ended.`] : []),
    ...(others.length > 0
      ? [
          `${others.join(', ')} ${others.length === 1 ? 'runs' : 'run'}: all artifacts, prepared images and large payloads stay until then.`,
        ]
      : []),
  ];
}

async function free(
  session: Session,
  contents: Contents,
  { rubbish, files }: Found,
  json: boolean,
): Promise<void> {
  let bytes = 0;
  for await (const object of collect(session.store, contents, rubbish)) {
    bytes += object.bytes;
    if (json) console.log(JSON.stringify({ kind: 'removed', key: object.key, bytes: object.bytes }));
  }
  for (const file of files) {
    await rm(file.path, { force: true });
    bytes += file.bytes;
  }
  if (!json) console.log(`Removed ${size(bytes)}.`);
}
