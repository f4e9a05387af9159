/** Pause and resume of a figure, a table, a theorem or the paper. Paused, it waits for nothing: trainings that nobody else
 *  needs checkpoint and end, those that another one waits for go on. Resumed, it joins them, or starts them again from
 *  their checkpoints. */
import {
  ApplicationFailure,
  CancellationScope,
  condition,
  defineSignal,
  defineUpdate,
  isCancellation,
  type SignalDefinition,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';

export const pauseArtifactUpdate = defineUpdate<void>('pause');
export const resumeArtifactUpdate = defineUpdate<void>('resume');
/** From the paper to the artifact that it is making. */
export const pauseSignal = defineSignal('pause');
export const resumeSignal = defineSignal('resume');

export interface Hold {
  readonly paused: boolean;
  /** Waits until it is not paused. */
  open(): Promise<void>;
  /** Does work that a pause cancels and a resume begins anew. */
  through<T>(work: () => Promise<T>): Promise<T>;
}

/** Answers `pause` and `resume`. finished: why there is nothing left to pause, or null; tell: who else is to know. */
export function holdable(
  finished: () => string | null,
  tell: (signal: SignalDefinition) => Promise<void> = async () => {},
): Hold {
  let paused = false;
  const working = new Set<CancellationScope>();
  const open = () => condition(() => !paused);

  const pause = async () => {
    paused = true;
    for (const scope of working) scope.cancel();
    await tell(pauseSignal);
    await condition(() => working.size === 0);
  };
  const resume = async () => {
    paused = false;
    await tell(resumeSignal);
  };
  setHandler(pauseArtifactUpdate, pause, {
    validator() {
      const { workflowId } = workflowInfo();
      if (paused)
        throw refusal(`${workflowId} is paused already: \`npm run resume -- ${workflowId}\` goes on.`);
      const why = finished();
      if (why) throw refusal(`${workflowId} has nothing left to pause: ${why}.`);
    },
  });
  setHandler(resumeArtifactUpdate, resume, {
    validator() {
      if (!paused) throw refusal(`${workflowInfo().workflowId} is not paused.`);
    },
  });
  setHandler(pauseSignal, () => (paused || finished() ? undefined : pause()));
  setHandler(resumeSignal, () => (paused ? resume() : undefined));

  return {
    get paused() {
      return paused;
    },
    open,
    async through(work) {
      for (;;) {
        await open();
        const scope = new CancellationScope();
        working.add(scope);
        try {
          return await scope.run(work);
        } catch (error) {
          const byPause = scope.consideredCancelled && !CancellationScope.current().consideredCancelled;
          if (!byPause || !isCancellation(error)) throw error;
        } finally {
          working.delete(scope);
        }
      }
    },
  };
}

/** What an update says that cannot be meant. */
export const refusal = (sentence: string) => ApplicationFailure.nonRetryable(sentence, 'InvalidInput');
