/** `npm run schedule -- create|list|pause|resume|trigger|backfill|delete`: any workflow, at its times. */
import { Command, InvalidArgumentError, Option } from 'commander';
import type { WorkflowType } from '../../activities/contract.ts';
import { parseOptions } from '../../activities/read-options.ts';
import {
  backfillSchedule,
  createSchedule,
  describeSchedule,
  found,
  listSchedules,
  type ScheduleState,
  specOf,
  stateOf,
  type Timing,
  triggerSchedule,
} from '../schedules.ts';
import { attached, type Session } from '../session.ts';
import { type ArtifactCommand, type Request, readRequest, requestFlags, withPlaces } from './artifact.ts';
import { ARTIFACTS } from './artifacts.ts';
import { PAPER } from './paper.ts';

interface Schedulable extends Pick<ArtifactCommand, 'flags' | 'readsImages' | 'readsDigits' | 'generates'> {
  workflow: WorkflowType;
}

const WITH_COMMANDS: Record<string, Schedulable> = {
  nightly: {
    ...PAPER,
    workflow: 'nightlyPaper',
    readsDigits: (input) => parseOptions('nightlyPaper', input).artifacts.includes('table-3'),
    flags: [
      ...PAPER.flags,
      new Option('--budget-minutes <number>', 'of a night (nightly)').argParser(Number),
      new Option('--budget-trainings <number>', 'of a night (nightly)').argParser(Number),
      new Option('--canaries <number>', 'stored runs to train again each night (nightly, 2)').argParser(
        Number,
      ),
    ],
  },
  paper: PAPER,
  ...Object.fromEntries(ARTIFACTS.map((artifact) => [artifact.name, artifact])),
};

/** As typed for the command of each workflow, and its type's name. */
const WORKFLOWS: Record<string, Schedulable> = {
  ...WITH_COMMANDS,
  ...Object.fromEntries(Object.values(WITH_COMMANDS).map((one) => [one.workflow, one])),
  trainNetwork: { workflow: 'trainNetwork', flags: [], readsImages: true },
};

interface CreateFlags extends Timing, Request {
  workflow: Schedulable;
  note?: string;
  budgetMinutes?: number;
  budgetTrainings?: number;
}

const date = (text: string): Date => {
  const time = new Date(text);
  if (Number.isNaN(time.getTime()))
    throw new InvalidArgumentError('Such as 2026-11-24 or 2026-11-24T02:30Z.');
  return time;
};

export const scheduleCommand = (): Command => {
  const command = new Command('schedule').description('Run a workflow at its times, every night');
  const create = command
    .command('create')
    .description(
      'Create a schedule; one that still runs at its next time is let run, one that fails is paused',
    )
    .argument('<id>', 'its name, such as nightly')
    .addOption(
      new Option('--workflow <name>', `what is run: ${Object.keys(WORKFLOWS).join(', ')}`)
        .default(WORKFLOWS.nightly, 'nightly')
        .argParser(workflowOf),
    )
    .option('--cron <line>', "when, as crontab has it: '30 2 * * *'")
    .option('--every <interval>', 'when: 30m, 6h, 1d')
    .option('--at <time>', 'when: every day at 02:30')
    .option('--time-zone <name>', 'of --cron and --at', 'UTC')
    .option('--note <text>', 'shown by list');
  for (const flag of Object.values(WORKFLOWS).flatMap((one) => requestFlags(one))) {
    // What does not belong to the workflow is refused with the sentence of its input.
    if (!create.options.some(({ long }) => long === flag.long)) create.addOption(flag);
  }
  create.action((id: string, flags: CreateFlags) => attached((session) => createFrom(session, id, flags)));

  command
    .command('list')
    .description('Show all schedules: next time, last result, skipped times, and which are paused, and why')
    .option('--json', 'for machines')
    .action(({ json }: { json?: boolean }) =>
      attached(async ({ client }) => {
        const states = await listSchedules(client);
        if (json) return console.log(JSON.stringify(states));
        if (states.length === 0)
          console.log('There are none yet: `npm run schedule -- create nightly --at 02:30`.');
        for (const state of states) console.log(linesOf(state).join('\n'));
      }),
    );
  command
    .command('pause')
    .description('Start nothing more; what runs goes on')
    .argument('<id>')
    .option('--note <text>', 'why', 'Paused by hand')
    .action((id: string, { note }: { note: string }) =>
      acting(id, `${id} is paused; \`npm run schedule -- resume ${id}\` lets it go on.`, ({ client }) =>
        client.schedule.getHandle(id).pause(note),
      ),
    );
  command
    .command('resume')
    .description('Let a paused schedule go on')
    .argument('<id>')
    .option('--note <text>', 'why', 'Resumed by hand')
    .action((id: string, { note }: { note: string }) =>
      acting(id, `${id} goes on.`, ({ client }) => client.schedule.getHandle(id).unpause(note)),
    );
  command
    .command('trigger')
    .description('Start it now, unless it runs')
    .argument('<id>')
    .action((id: string) =>
      acting(id, `${id} is started, unless it runs: \`npm run status\` shows it.`, ({ client }) =>
        triggerSchedule(client.schedule, id),
      ),
    );
  command
    .command('backfill')
    .description('Make up for all times between two dates, one after another')
    .argument('<id>')
    .requiredOption('--from <date>', 'such as 2026-11-20', date)
    .requiredOption('--to <date>', 'such as 2026-11-24', date)
    .action((id: string, range: { from: Date; to: Date }) =>
      acting(id, `${id} makes up for them, one after another.`, ({ client }) =>
        backfillSchedule(client.schedule, id, range),
      ),
    );
  command
    .command('delete')
    .description('Remove a schedule; what runs goes on')
    .argument('<id>')
    .action((id: string) =>
      acting(id, `${id} is removed; what it started goes on.`, ({ client }) =>
        client.schedule.getHandle(id).delete(),
      ),
    );
  return command;
};

function workflowOf(name: string): Schedulable {
  const found = WORKFLOWS[name];
  if (found) return found;
  throw new InvalidArgumentError(`'${name}' is none of ${Object.keys(WORKFLOWS).join(', ')}.`);
}

async function createFrom(session: Session, id: string, flags: CreateFlags): Promise<void> {
  const { workflow: of, cron, every, at, timeZone, note, budgetMinutes, budgetTrainings, ...fields } = flags;
  const budget = {
    ...(budgetMinutes !== undefined && { minutes: budgetMinutes }),
    ...(budgetTrainings !== undefined && { trainings: budgetTrainings }),
  };
  const request = { ...fields, ...(Object.keys(budget).length > 0 && { budget }) };
  const asked = await readRequest(of, request); // whatever cannot be meant is said now, not at night
  const timing = { cron, every, at, timeZone };
  specOf(timing);
  const input = await withPlaces(session, asked, console.log);
  await createSchedule(session.client.schedule, { id, workflow: of.workflow, input, timing, note });
  const described = await describeSchedule(session.client.schedule, id);
  console.log(linesOf(await stateOf(session.client, described)).join('\n'));
}

/** `nightly (nightlyPaper)` and below it what there is to say. */
function linesOf({
  id,
  workflow,
  next,
  last,
  taken,
  skipped,
  missed,
  paused,
  note,
}: ScheduleState): string[] {
  const when = paused ? 'paused' : next ? `next ${next.toISOString()}` : 'no next time';
  const counts = [
    `${taken} started`,
    ...(skipped > 0 ? [`${skipped} skipped, since the one before still ran`] : []),
    ...(missed > 0 ? [`${missed} missed`] : []),
  ];
  return [
    `${id} (${workflow}): ${when}`,
    ...(last ? [`  last: ${last.workflowId} ${last.status}${last.reason ? `: ${last.reason}` : ''}`] : []),
    `  ${counts.join(', ')}`,
    ...(note ? [`  note: ${note}`] : []),
  ];
}

const acting = (id: string, said: string, act: (session: Session) => Promise<unknown>) =>
  attached(async (session) => {
    await found(id, () => act(session));
    console.log(said);
  });
