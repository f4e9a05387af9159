/** One network, trained to the end, segment after segment. A workflow of its own, so that every figure that needs
 *  the run finds the same one, and cancelling one figure does not kill another's training.
 *  A segment lasts tens of minutes and is six events: a history of 51,200 holds half a year of them. */
import {
  ApplicationFailure,
  CancellationScope,
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  setWorkflowOptions,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities, Outcome } from '../activities/contract.ts';
import { bounded } from './bounded-input.ts';
import { refusal } from './hold.ts';
import * as options from './options.ts';
import { PROFILES } from './profiles.ts';
import { recipe } from './recipe.ts';
import { describe } from './train-all.ts';
import { ofDamagedObject } from './train-grid.ts';

/** Someone waits for this run, or no longer does. When the last one has left, the training ends. */
export const joinSignal = defineSignal<[string]>('join');
export const leaveSignal = defineSignal<[string]>('leave');
/** Checkpoints and waits; goes on from the checkpoint. */
export const pauseUpdate = defineUpdate<{ step: number }>('pause');
export const resumeUpdate = defineUpdate<{ step: number }>('resume');
/** Checkpoints, and goes on where the workers of another queue are: from a CPU to a GPU. One that is paused stays so. */
export const moveUpdate = defineUpdate<{ step: number }, [{ taskQueue: string }]>('move');

export interface TrainNetworkProgress {
  phase: 'data' | 'training' | 'paused' | 'done';
  /** Where its segments run. */
  taskQueue: string;
  /** Workflows that wait for it; none where a person started it alone. */
  waiting: string[];
  runId: string | null;
  title: string;
  step: number;
  steps: number;
}
export const trainingQuery = defineQuery<TrainNetworkProgress>('progress');

// Days long: it stays with the code that began it, where workers are versioned; the others refuse the word.
setWorkflowOptions(
  () => (workflowInfo().currentDeploymentVersion?.deploymentName ? { versioningBehavior: 'PINNED' } : {}),
  trainNetwork,
);
export async function trainNetwork(input: unknown = {}): Promise<Outcome> {
  const progress: Omit<TrainNetworkProgress, 'waiting'> = {
    phase: 'data',
    taskQueue: options.TRAIN_QUEUE,
    runId: null,
    title: '',
    step: 0,
    steps: 0,
  };
  const waiting = new Set<string>();
  let paused = false;
  let abandoned = false;
  let segment: CancellationScope | undefined;
  let whenPaused: Promise<unknown> = Promise.resolve();
  setHandler(trainingQuery, () => ({ ...progress, waiting: [...waiting] }));
  setHandler(joinSignal, (who) => void waiting.add(who));
  setHandler(leaveSignal, (who) => {
    abandoned = waiting.delete(who) && waiting.size === 0;
    if (abandoned) segment?.cancel();
  });
  const interrupt = async () => {
    segment?.cancel();
    await whenPaused;
    return { step: progress.step };
  };
  const { workflowId } = workflowInfo();
  setHandler(
    pauseUpdate,
    () => {
      paused = true;
      return interrupt();
    },
    {
      validator() {
        if (paused)
          throw refusal(
            `${workflowId} is paused already, at step ${progress.step}: \`npm run resume -- ${workflowId}\` goes on.`,
          );
      },
    },
  );
  setHandler(
    resumeUpdate,
    () => {
      paused = false;
      return { step: progress.step };
    },
    {
      validator() {
        if (!paused) throw refusal(`${workflowId} is not paused.`);
      },
    },
  );
  setHandler(
    moveUpdate,
    ({ taskQueue }) => {
      progress.taskQueue = taskQueue;
      return interrupt();
    },
    {
      validator({ taskQueue }) {
        if (taskQueue === progress.taskQueue) throw refusal(`${workflowId} is on ${taskQueue} already.`);
      },
    },
  );

  const light = proxyActivities<Activities>(options.quick);
  const { options: asked, limits } = await light.readOptions({
    workflow: 'trainNetwork',
    input: bounded(input),
  });
  const { fetchDataset, prepareDataset } = proxyActivities<Activities>(options.data(limits));
  let planned = asked.planned;
  if (!planned) {
    const { id: dataset } = await fetchDataset({ name: asked.dataset, source: asked.source });
    const { model, corruption, seed, precision, regularization, stop } = asked;
    const run = recipe(PROFILES[asked.profile], {
      model,
      corruption,
      seed,
      precision,
      regularization,
      stop,
    });
    planned = (await light.planRuns({ dataset, runs: [run] }))[0].planned;
  }
  Object.assign(progress, { runId: planned.id, title: describe(planned), steps: planned.run.stop.steps });
  const known = await light.findOutcome({ planned });
  if (known) return known;

  const { dataset, trainImages, testImages, corruption, augmentation } = planned.run.trajectory;
  const prepare = async () =>
    dataset.name === 'imagenet'
      ? null // read where it lies
      : prepareDataset({ dataset, trainImages, testImages, corruption, augmentation });
  let prepared = await prepare();

  for (;;) {
    if (abandoned) {
      throw ApplicationFailure.nonRetryable(
        `${progress.title}: nobody waits for this training any more; its checkpoint stays`,
        'TrainingAbandoned',
      );
    }
    progress.phase = paused ? 'paused' : 'training';
    setCurrentDetails(`${progress.title}: ${progress.phase}, step ${progress.step} of ${progress.steps}`);
    await condition(() => !paused || abandoned);
    if (abandoned) continue;
    progress.phase = 'training';
    const { trainSegment } = proxyActivities<Activities>(options.training(limits, progress.taskQueue));
    segment = new CancellationScope();
    const run = segment.run(() =>
      trainSegment.executeWithOptions({ summary: progress.title }, [
        { planned, prepared, segmentSeconds: limits.segmentSeconds },
      ]),
    );
    whenPaused = run.catch(() => undefined);
    try {
      const { finished, step } = await run;
      progress.step = step;
      if (finished) {
        progress.phase = 'done';
        setCurrentDetails(`${progress.title}: done after ${step} steps`);
        return finished;
      }
    } catch (error) {
      if (ofDamagedObject(error)) {
        prepared = await prepare();
        continue;
      }
      // A segment that was cancelled before a worker took it. If the workflow itself is cancelled, the next segment
      // does not start; otherwise this was a pause or an abandonment.
      if (!isCancellation(error) || CancellationScope.current().consideredCancelled) throw error;
    }
  }
}
