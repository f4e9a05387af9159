/** Looking at what runs. */
import type { WorkflowHandle } from '@temporalio/client';
import { Command } from 'commander';
import { WORKFLOW_OPTIONS } from '../../activities/contract.ts';
import { Failure } from '../../activities/failure/failure.ts';
import { type NightProgress, nightQuery } from '../../workflows/nightly.ts';
import { paperQuery } from '../../workflows/paper.ts';
import { progressQuery } from '../../workflows/train-grid.ts';
import { trainingQuery } from '../../workflows/train-network.ts';
import { attached, type Session } from '../session.ts';
import { ARTIFACT_DISPLAY, type Display, resultsOf } from './artifact.ts';
import { ARTIFACTS } from './artifacts.ts';
import { follow, stepsOfWorkflow } from './follow.ts';
import { untilInterrupted } from './interrupt.ts';
import { NIGHT_DISPLAY } from './night.ts';
import { PAPER_DISPLAY } from './paper.ts';
import { withoutWorker } from './pollers.ts';
import { renderPlain } from './rows.ts';

const named = (types: string[]) => `WorkflowType IN (${types.map((type) => `'${type}'`).join(', ')})`;
const TYPES = Object.keys(WORKFLOW_OPTIONS);
const OURS = named(TYPES);
const FOLLOWED = named(TYPES.filter((type) => type !== 'trainNetwork'));
const FINISHED_SHOWN = 10;

/** `npm run status`: what runs, what waits or is paused, what ended lately. */
export const statusCommand = () =>
  new Command('status').description('Show what runs and what ended lately').action(() =>
    attached(async ({ client }) => {
      let finished = 0;
      let rows = 0;
      for await (const found of client.workflow.list({ query: OURS })) {
        const running = found.status.name === 'RUNNING';
        if (found.status.name === 'CONTINUED_AS_NEW') continue; // its last history is listed
        if (!running && finished++ >= FINISHED_SHOWN) continue;
        rows++;
        console.log(
          `${found.status.name.toLowerCase().padEnd(10)} ${await line(found.workflowId, found.type, running)}`,
        );
      }
      if (rows === 0) console.log('Nothing has run yet: `npm run figure1` starts.');

      async function line(workflowId: string, type: string, running: boolean): Promise<string> {
        if (!running) return workflowId;
        const nobody = await withoutWorker(client, workflowId);
        if (nobody) return `${workflowId}: ${nobody}`;
        const handle = client.workflow.getHandle(workflowId);
        if (type === 'nightlyPaper') return `${workflowId}: ${await phaseOf(handle)}`;
        if (type !== 'trainNetwork') {
          const asked = type === 'reproducePaper' ? handle.query(paperQuery) : handle.query(progressQuery);
          const { paused } = await asked.catch(() => ({ paused: false })); // one that cannot be paused
          return paused ? `${workflowId}: paused; \`npm run resume -- ${workflowId}\` goes on` : workflowId;
        }
        const { title, trainedBy } = await handle.query(trainingQuery);
        if (trainedBy) return `${workflowId} ${title}: waits for ${trainedBy}, which trains the same run`;
        return `${workflowId} ${renderPlain({ title, state: 'waiting', ...(await stepsOfWorkflow(client, workflowId)) })}`;
      }
    }),
  );

/** `night: paper, 1 of 2 canaries trained` */
async function phaseOf(handle: WorkflowHandle): Promise<string> {
  const { phase, canaries } = await handle.query<NightProgress, []>(nightQuery);
  const trained = canaries.filter(({ state }) => state === 'trained').length;
  return `night: ${phase}${canaries.length > 0 ? `, ${trained} of ${canaries.length} canaries trained` : ''}`;
}

/** `npm run watch`: what was started last, a figure, the paper or a night, live, to its end. */
export const watchCommand = () =>
  new Command('watch')
    .description('Follow a figure, a table, the paper or a night that runs, to its end')
    .argument('[workflow id]')
    .option('--out <folder>', 'where pictures and numbers are copied to (results/<name>)')
    .option('--json', 'one JSON line an event instead of progress for people')
    .action((asked: string | undefined, flags: { out?: string; json?: boolean }) =>
      attached(async ({ client, store }) => {
        const workflowId = asked ?? (await newestStarted(client));
        const { type } = await client.workflow.getHandle(workflowId).describe();
        if (type === 'trainNetwork') {
          throw new Failure(
            'InvalidInput',
            `${workflowId} is one training: \`npm run status\` shows its steps.`,
          );
        }
        const json = flags.json ?? false;
        const watch = async <Result>({ rowsOf, show }: Display<Result>) => {
          const follower = follow<Result>(client, workflowId, { json, rowsOf });
          const ended = await Promise.race([follower.result, untilInterrupted()]);
          if (ended) await show(store, ended, { folder: flags.out ?? folderOf(type), json });
          else follower.stop();
        };
        if (type === 'nightlyPaper') await watch(NIGHT_DISPLAY);
        else if (type === 'reproducePaper') await watch(PAPER_DISPLAY);
        else await watch(ARTIFACT_DISPLAY);
      }),
    );

/** Where the command of a workflow puts what was made. */
function folderOf(type: string): string {
  const name = ARTIFACTS.find(({ workflow }) => workflow === type)?.name;
  return name ? resultsOf(name) : `results/${type === 'nightlyPaper' ? 'night' : 'paper'}`;
}

/** What a person or a schedule started: what others started for their own ends is shown in those. */
async function newestStarted(client: Session['client']): Promise<string> {
  for await (const { workflowId, parentExecution } of client.workflow.list({ query: FOLLOWED })) {
    if (!parentExecution) return workflowId;
  }
  throw new Failure('InvalidInput', 'Nothing has been started yet: `npm run figure1` starts Figure 1.');
}
