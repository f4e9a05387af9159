import { Command, InvalidArgumentError, Option } from 'commander';
import { Condition, DatasetName, ModelName, Precision, Profile } from '../../activities/contract.ts';
import { contentId } from '../../activities/identity/identity.ts';
import { parseOptions } from '../../activities/read-options.ts';
import { figure1Grid, type reproduceFigure1 } from '../../workflows/figure-1.ts';
import { readConfig } from '../config.ts';
import { openSession, type Session } from '../session.ts';
import { type Follow, follow } from './follow.ts';
import { untilInterrupted } from './interrupt.ts';
import { showFigure1 } from './results.ts';
import { checkSource, resolveSource } from './source.ts';

interface Flags {
  profile?: string;
  dataset?: DatasetName;
  data?: string;
  panels?: string[];
  models?: string[];
  conditions?: string[];
  levels?: number[];
  seeds?: number[];
  precision?: Precision;
  out: string;
  json?: boolean;
}

const list = (text: string) => text.split(',').map((item) => item.trim());
const numbers = (text: string) =>
  list(text).map((item) => {
    if (item === '' || Number.isNaN(Number(item)))
      throw new InvalidArgumentError(`'${item}' is not a number.`);
    return Number(item);
  });

/** `npm run figure1`: trains, draws and judges Figure 1; run again it goes on, or answers from the store. */
export const figure1Command = () =>
  new Command('figure1')
    .description('Reproduce Figure 1: real training, three panels, verdicts')
    .option('--profile <profile>', `how much is run: ${Profile.options.join(', ')} (quick)`)
    .addOption(new Option('--dataset <name>', 'cifar10, or generated images').choices(DatasetName.options))
    .option('--data <path or URL>', 'your CIFAR-10 archive, in any of the known forms (RETHINKING_DATA)')
    .option('--panels <list>', 'a,b,c', list)
    .option('--models <list>', ModelName.options.join(','), list)
    .option('--conditions <list>', `of panel a: ${Condition.options.join(',')}`, list)
    .option('--levels <list>', 'label corruption of panels b and c, such as 0,0.5,1', numbers)
    .option('--seeds <list>', 'such as 1,2,3; the pictures show the spread', numbers)
    .addOption(
      new Option('--precision <precision>', 'of matrix products and convolutions').choices(Precision.options),
    )
    .option('--out <folder>', 'where the pictures and numbers are copied to', 'results/figure-1')
    .option('--json', 'one JSON line an event instead of progress for people')
    .action(run);

async function run(flags: Flags): Promise<void> {
  const asked = {
    profile: flags.profile,
    dataset: flags.dataset,
    panels: flags.panels,
    models: flags.models,
    conditions: flags.conditions,
    corruptionLevels: flags.levels,
    seeds: flags.seeds,
    precision: flags.precision,
  };
  const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
  // Both say what is wrong before anything starts.
  parseOptions('reproduceFigure1', given);
  const data = flags.data ?? readConfig().RETHINKING_DATA;
  await checkSource(data);

  const say = (line: string) => (flags.json ? console.error(line) : console.log(line));
  const interrupted = untilInterrupted().then(() => 'interrupted' as const);
  const session = await openSession(say);
  try {
    const input = {
      ...given,
      ...(await resolveSource(session.store, { dataset: flags.dataset, data }, say)),
    };
    // Named by what will run, so that a changed grid is a new workflow and the same one is gone on with.
    const workflowId = `figure1-${contentId({ input, grid: figure1Grid(parseOptions('reproduceFigure1', input)) })}`;
    await session.client.workflow.start<typeof reproduceFigure1>('reproduceFigure1', {
      workflowId,
      taskQueue: 'rethinking',
      args: [input],
      workflowIdConflictPolicy: 'USE_EXISTING', // it may be on its way already: the same command goes on
    });
    for (const other of await unfinishedOthers(session.client, workflowId)) {
      say(`${other}, from an earlier command, goes on too; \`npm run cancel -- ${other}\` ends it.`);
    }
    const follower = follow(session.client, workflowId, { json: flags.json ?? false });
    const refused = session.refused.catch((error: unknown) => {
      follower.stop();
      throw error;
    });
    const ended = await Promise.race([follower.result, interrupted, refused]);
    if (ended === 'interrupted') leave(session, follower, workflowId, say);
    else await showFigure1(session.store, ended, { folder: flags.out, json: flags.json ?? false });
  } finally {
    await session.close();
  }
}

async function unfinishedOthers(client: Session['client'], workflowId: string): Promise<string[]> {
  const others = [];
  const query = `WorkflowType = 'reproduceFigure1' AND ExecutionStatus = 'Running'`;
  for await (const found of client.workflow.list({ query })) {
    if (found.workflowId !== workflowId) others.push(found.workflowId);
  }
  return others;
}

function leave(session: Session, follower: Follow, workflowId: string, say: (line: string) => void) {
  follower.stop();
  process.exitCode = 130;
  say(
    session.owner
      ? 'Stopping; trainings checkpoint first. The same command goes on from there.'
      : `Detached: ${workflowId} goes on without you. The same command shows it again.`,
  );
}
