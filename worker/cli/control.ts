/** Holding what runs: `pause`, `resume`, `move`, `cancel`, of a training, a figure or the paper. Each answers once it is
 *  so, and says what stays. */
import {
  type WorkflowExecutionDescription,
  WorkflowFailedError,
  type WorkflowHandle,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { Command } from 'commander';
import { trainingWorkflowId } from '../../activities/await-training.ts';
import { Failure } from '../../activities/failure/failure.ts';
import { pauseArtifactUpdate, resumeArtifactUpdate } from '../../workflows/hold.ts';
import { paperQuery } from '../../workflows/paper.ts';
import { progressQuery } from '../../workflows/train-grid.ts';
import { moveUpdate, pauseUpdate, resumeUpdate, trainingQuery } from '../../workflows/train-network.ts';
import { attachSession, type Session } from '../session.ts';
import { activityPause } from './held.ts';
import { pollersOf } from './pollers.ts';

interface Held {
  session: Session;
  handle: WorkflowHandle;
  described: WorkflowExecutionDescription;
}

const POLL_MS = 200;

const held = (name: string, description: string, act: (held: Held) => Promise<string>) =>
  new Command(name)
    .description(description)
    .argument('<id>', 'as `status` shows it')
    .action(async (id: string) => console.log(await control(id, act)));

/** `npm run pause -- ID` */
export const pauseCommand = () =>
  held('pause', 'Hold a training at a checkpoint, or a figure with its trainings', async (which) => {
    const { handle, described } = which;
    const again = `\`npm run resume -- ${handle.workflowId}\` goes on.`;
    if (described.type === 'trainNetwork') {
      const { step } = await handle.executeUpdate(pauseUpdate);
      return `Paused at step ${step}; ${again}`;
    }
    const trainings = await trainingsOf(which);
    await handle.executeUpdate(pauseArtifactUpdate);
    return [`Paused; its trainings are at a checkpoint. ${again}`, ...(await goingOn(which, trainings))].join(
      '\n',
    );
  });

/** `npm run resume -- ID` */
export const resumeCommand = () =>
  held('resume', 'Let go on what is paused', async ({ session, handle, described }) => {
    if (described.type !== 'trainNetwork') {
      await handle.executeUpdate(resumeArtifactUpdate);
      return 'Goes on.';
    }
    const paused = activityPause(described);
    if (paused) {
      // By `temporal activity pause`, which the workflow knows nothing of.
      await session.client.workflowService.unpauseActivity({
        namespace: session.client.options.namespace,
        execution: { workflowId: handle.workflowId },
        id: paused.activityId,
      });
      return 'Goes on from its checkpoint.';
    }
    const { step } = await handle.executeUpdate(resumeUpdate);
    return `Goes on from step ${step}.`;
  });

/** `npm run move -- ID QUEUE` */
export const moveCommand = () =>
  new Command('move')
    .description('Move a training to the workers of another queue, where it goes on from its checkpoint')
    .argument('<id>', 'as `status` shows it')
    .argument('<queue>', 'what those workers have as RETHINKING_TRAIN_QUEUE')
    .action(async (id: string, taskQueue: string) =>
      console.log(
        await control(id, async ({ session, handle, described }) => {
          if (described.type !== 'trainNetwork')
            throw new Failure(
              'InvalidInput',
              `${id} is no training: \`npm run status\` names its trainings.`,
            );
          const { step } = await handle.executeUpdate(moveUpdate, { args: [{ taskQueue }] });
          const served = (await pollersOf(session.client, taskQueue, 'activity')).length > 0;
          const waits = `it waits for a worker: RETHINKING_TRAIN_QUEUE=${taskQueue} node dist/worker/main.js train`;
          return `Moved to ${taskQueue} at step ${step}; ${served ? 'it goes on there' : waits}.`;
        }),
      ),
    );

/** `npm run cancel -- ID`: Temporal's own cancellation, as its command line and web UI ask for it. */
export const cancelCommand = () =>
  held('cancel', 'End a training, a figure or the paper; what was computed stays', async (which) => {
    const { handle, described } = which;
    const training = described.type === 'trainNetwork';
    const trainings = training ? [] : await trainingsOf(which);
    await handle.cancel();
    await handle.result().catch((error: unknown) => {
      if (!(error instanceof WorkflowFailedError)) throw error;
    });
    if (training) return 'Cancelled; its checkpoint stays, and the same run would go on from it.';
    return [
      'Cancelled; finished trainings and checkpoints stay, and the same command would go on from them.',
      ...(await goingOn(which, trainings)),
    ].join('\n');
  });

async function control(id: string, act: (held: Held) => Promise<string>): Promise<string> {
  const session = await attachSession();
  const workflowId = id.includes('-') ? id : trainingWorkflowId(id);
  const handle = session.client.workflow.getHandle(workflowId);
  try {
    const described = await handle.describe();
    if (described.status.name !== 'RUNNING') throw new Failure('InvalidInput', over(described));
    return await act({ session, handle, described });
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) {
      throw new Failure('InvalidInput', error.cause?.message ?? error.message);
    }
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    const now = await handle.describe().catch(() => null);
    throw new Failure(
      'InvalidInput',
      now ? over(now) : `Nothing is called ${workflowId}: \`npm run status\` shows what there is.`,
    );
  } finally {
    await session.close();
  }
}

const over = ({ workflowId, status }: WorkflowExecutionDescription) =>
  `${workflowId} is over (${status.name.toLowerCase()}): only what runs can be held, moved or cancelled.`;

/** Workflow ids of the trainings that a figure, or the paper's present one, waits for. */
async function trainingsOf({ session: { client }, handle, described }: Held): Promise<string[]> {
  if (described.type === 'reproducePaper') {
    const { artifacts } = await handle.query(paperQuery);
    const making = artifacts.find(({ state }) => state === 'running');
    if (!making) return [];
    const child = client.workflow.getHandle(making.workflowId);
    return (await child.query(progressQuery).catch(() => ({ runs: [] }))).runs
      .filter(({ state }) => state === 'waiting')
      .map((run) => trainingWorkflowId(run.id));
  }
  const { runs } = await handle.query(progressQuery);
  return runs.filter(({ state }) => state === 'waiting').map((run) => trainingWorkflowId(run.id));
}

/** Waits until each of these trainings has checkpointed and ended, and names those that others wait for. */
async function goingOn({ session: { client }, handle }: Held, trainings: string[]): Promise<string[]> {
  const lines = await Promise.all(
    trainings.map(async (id) => {
      for (;;) {
        const training = client.workflow.getHandle(id);
        const described = await training.describe().catch(() => null);
        if (described?.status.name !== 'RUNNING') return [];
        const { title, waiting } = await training.query(trainingQuery);
        const others = waiting.filter((who) => !who.startsWith(handle.workflowId));
        if (others.length > 0 && others.length === waiting.length)
          return [`${title} goes on: ${others.join(', ')} waits for it.`];
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    }),
  );
  return lines.flat();
}
