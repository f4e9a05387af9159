/** Looking at what runs, and holding it. */
import type { WorkflowHandle } from '@temporalio/client';
import { Command } from 'commander';
import { trainingWorkflowId } from '../../activities/await-training.ts';
import { type Reproduction, WORKFLOW_OPTIONS } from '../../activities/contract.ts';
import { Failure } from '../../activities/failure/failure.ts';
import { pauseUpdate, resumeUpdate, trainingQuery } from '../../workflows/train-network.ts';
import { attachSession, type Session } from '../session.ts';
import { artifactRows, follow, stepsOf } from './follow.ts';
import { untilInterrupted } from './interrupt.ts';
import { showReproduction } from './results.ts';
import { renderPlain } from './rows.ts';

const named = (types: string[]) => `WorkflowType IN (${types.map((type) => `'${type}'`).join(', ')})`;
const TYPES = Object.keys(WORKFLOW_OPTIONS);
const OURS = named(TYPES);
const ARTIFACTS = named(TYPES.filter((type) => type !== 'trainNetwork' && type !== 'reproducePaper'));
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
        if (type !== 'trainNetwork' || !running) return workflowId;
        const { title, phase, step, steps, runId } = await client.workflow
          .getHandle(workflowId)
          .query(trainingQuery);
        const { progress, paused, trouble } = await stepsOf(client, runId ?? '');
        if (paused || phase === 'paused')
          return `${workflowId} ${title}: paused at step ${progress?.step ?? step} of ${steps}`;
        return `${workflowId} ${renderPlain({ title, state: 'waiting', progress, trouble })}`;
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

const held =
  (name: string, description: string, act: (handle: WorkflowHandle, id: string) => Promise<string>) => () =>
    new Command(name)
      .description(description)
      .argument('<id>', 'as `status` shows it')
      .action((id: string) =>
        attached(async ({ client }) => {
          const workflowId = id.includes('-') ? id : trainingWorkflowId(id);
          console.log(await act(client.workflow.getHandle(workflowId), id));
        }),
      );

/** `npm run pause -- ID` */
export const pauseCommand = held('pause', 'Checkpoint a training and hold it', async (training, id) => {
  const { step } = await training.executeUpdate(pauseUpdate);
  return `Paused at step ${step}; \`npm run resume -- ${id}\` goes on.`;
});

/** `npm run resume -- ID` */
export const resumeCommand = held('resume', 'Let a paused training go on', async (training) => {
  const { step } = await training.executeUpdate(resumeUpdate);
  return `Goes on from step ${step}.`;
});

/** `npm run cancel -- ID` */
export const cancelCommand = held(
  'cancel',
  'End a training or a figure; checkpoints stay',
  async (handle) => {
    await handle.cancel();
    return 'Cancelled; checkpoints stay, and the same run would go on from them.';
  },
);

async function attached(work: (session: Session) => Promise<void>): Promise<void> {
  const session = await attachSession();
  try {
    await work(session);
  } finally {
    await session.close();
  }
}
