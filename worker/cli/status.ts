/** Looking at what runs. */
import { Command } from 'commander';
import { type Reproduction, WORKFLOW_OPTIONS } from '../../activities/contract.ts';
import { Failure } from '../../activities/failure/failure.ts';
import { paperQuery } from '../../workflows/paper.ts';
import { progressQuery } from '../../workflows/train-grid.ts';
import { trainingQuery } from '../../workflows/train-network.ts';
import { attached, type Session } from '../session.ts';
import { artifactRows, follow, stepsOfWorkflow } from './follow.ts';
import { untilInterrupted } from './interrupt.ts';
import { withoutWorker } from './pollers.ts';
import { showReproduction } from './results.ts';
import { renderPlain } from './rows.ts';

const named = (types: string[]) => `WorkflowType IN (${types.map((type) => `'${type}'`).join(', ')})`;
const TYPES = Object.keys(WORKFLOW_OPTIONS);
const OURS = named(TYPES);
const ARTIFACTS = named(
  TYPES.filter((type) => !['trainNetwork', 'reproducePaper', 'nightlyPaper'].includes(type)),
);
const FINISHED_SHOWN = 10;

/** `npm run status`: what runs, what waits or is paused, what ended lately. */
export const statusCommand = () =>
  new Command('status').description('Show what runs and what ended lately').action(() =>
    attached(async ({ client }) => {
      let finished = 0;
      let rows = 0;
      for await (const found of client.workflow.list({ query: OURS })) {
        const running = found.status.name === 'RUNNING';
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

/** `npm run watch`: the newest figure or table, live, to its end. */
export const watchCommand = () =>
  new Command('watch')
    .description('Follow a figure or table that runs, to its end')
    .argument('[workflow id]')
    .option('--out <folder>', 'where pictures and numbers are copied to (results/<name>)')
    .option('--json', 'one JSON line an event instead of progress for people')
    .action((asked: string | undefined, flags: { out?: string; json?: boolean }) =>
      attached(async ({ client, store }) => {
        const workflowId = asked ?? (await newestArtifact(client));
        const follower = follow<Reproduction>(client, workflowId, {
          json: flags.json ?? false,
          rowsOf: artifactRows,
        });
        const ended = await Promise.race([follower.result, untilInterrupted()]);
        if (ended) {
          const folder = flags.out ?? `results/${ended.artifact}`;
          await showReproduction(store, ended, { folder, json: flags.json ?? false });
        } else follower.stop();
      }),
    );

async function newestArtifact(client: Session['client']): Promise<string> {
  for await (const { workflowId } of client.workflow.list({ query: ARTIFACTS })) {
    return workflowId;
  }
  throw new Failure('InvalidInput', 'Nothing has been started yet: `npm run figure1` starts Figure 1.');
}
