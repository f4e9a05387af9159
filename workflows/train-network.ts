/** One network, trained to the end, segment after segment. A workflow of its own, so that every figure that needs
 *  the run finds the same one, and cancelling one figure does not kill another's training. Started twice under two names,
 *  the second waits for the first's outcome, and takes over when that one is cancelled.
 *  A segment lasts tens of minutes and is six events: a history of 51,200 holds half a year of them. */
import {
  ApplicationFailure,
  CancellationScope,
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  isCancellation,
  patched,
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
import { endedWith } from './train-grid.ts';

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
  /** The workflow that was first to train the same run, and that it waits for. */
  trainedBy: string | null;
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
    trainedBy: null,
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

  const details = (phase: string) =>
    setCurrentDetails(`${progress.title}: ${phase}, step ${progress.step} of ${progress.steps}`);
  /** Does work as soon as it is not paused; null when a pause, a move or the last who left cut it short. */
  const unlessHeld = async <T>(work: () => Promise<T>): Promise<T | null> => {
    if (abandoned) {
      throw ApplicationFailure.nonRetryable(
        `${progress.title}: nobody waits for this training any more; its checkpoint stays`,
        'TrainingAbandoned',
      );
    }
    progress.phase = paused ? 'paused' : 'training';
    details(progress.phase);
    await condition(() => !paused || abandoned);
    if (abandoned) return null;
    progress.phase = 'training';
    segment = new CancellationScope();
    const run = segment.run(work);
    whenPaused = run.catch(() => undefined);
    try {
      return await run;
    } catch (error) {
      // Cut short before a worker took it. If the workflow itself is cancelled, no other work begins.
      if (!isCancellation(error) || CancellationScope.current().consideredCancelled) throw error;
      return null;
    }
  };

  const { awaitTraining } = proxyActivities<Activities>(options.waiting(limits));
  while (patched('claim-training')) {
    const by = await light.claimTraining({ planned });
    progress.trainedBy = by?.workflowId ?? null;
    if (!by) break;
    const outcome = await unlessHeld(() => {
      details(`waits for ${by.workflowId}, which trains the same run`);
      return awaitTraining({ planned, by });
    }).catch((error: unknown) => {
      if (!endedWith(error, 'TrainingCancelled')) throw error;
      return null; // it goes on from that one's checkpoint
    });
    if (outcome) return outcome;
  }

  const { dataset, trainImages, testImages, corruption, augmentation } = planned.run.trajectory;
  const prepare = async () =>
    dataset.name === 'imagenet'
      ? null // read where it lies
      : prepareDataset({ dataset, trainImages, testImages, corruption, augmentation });
  let prepared = await prepare();

  for (;;) {
    const train = async () => {
      const { trainSegment } = proxyActivities<Activities>(options.training(limits, progress.taskQueue));
      const trained = await trainSegment.executeWithOptions({ summary: progress.title }, [
        { planned, prepared, segmentSeconds: limits.segmentSeconds },
      ]);
      progress.step = trained.step;
      return trained;
    };
    try {
      const trained = await unlessHeld(train);
      if (!trained?.finished) continue;
      progress.phase = 'done';
      details('done');
      return trained.finished;
    } catch (error) {
      if (!endedWith(error, 'ObjectDamaged')) throw error;
      prepared = await prepare();
    }
  }
}
