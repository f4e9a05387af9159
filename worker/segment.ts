/** One segment of a training: claims the run, goes on from the newest whole checkpoint, and checkpoints on a time
 *  budget. */
import { Failure } from '../activities/failure/failure.ts';
import { expectOwnRecipe } from '../activities/identity/run-id.ts';
import { continued } from '../activities/provenance/numerics.ts';
import { CheckpointChain } from '../activities/store/checkpoint-chain.ts';
import type { TrainerReport, TrainerRequest } from '../activities/train-segment.ts';
import { openBoard } from './board.ts';
import { startCheckpoints } from './checkpoints.ts';
import { type Config, describeEnvironment } from './config.ts';
import type { loadDevice } from './load-device.ts';
import { openChildStore } from './metrics/child.ts';
import { numericsOf } from './numerics.ts';
import { callPace, progressMeter } from './pace.ts';
import { keepCurve, publishRun } from './publish-run.ts';
import { startOrResume } from './resume.ts';
import type { Telemetry } from './telemetry.ts';
import { trainingSpans } from './training-spans.ts';

/** Trains from the newest whole checkpoint until the run or the segment ends, or `stop` says so. */
export async function trainSegment(
  request: TrainerRequest,
  {
    config,
    load,
    report,
    stop,
    log,
    tracing,
  }: {
    config: Config;
    load: typeof loadDevice;
    report: (message: TrainerReport) => void;
    stop: AbortSignal;
  } & Telemetry,
): Promise<TrainerReport> {
  const startedAt = new Date();
  const { planned } = request;
  expectOwnRecipe(planned.run.trajectory);
  const store = openChildStore(config, report);
  // Before the claim: a trainer without its device takes nothing over.
  const loaded = await tracing.span('load device', {}, () => load(config, report));
  const chain = await CheckpointChain.claim(store, planned, request.token);
  const pace = callPace();
  const {
    training,
    resumedFrom,
    computedOn: before,
    evaluations,
  } = await tracing.span('load data and checkpoint', {}, () =>
    startOrResume(loaded, { request, store, chain, stepsACall: pace.stepsACall }),
  );
  const resumedAt = resumedFrom?.step ?? 0;
  tracing.describe({ 'rethinking.resumed_at': resumedAt, 'rethinking.device': loaded.device });
  log.info({ resumedAt, steps: planned.run.stop.steps, device: loaded.device }, 'training');
  const computedOn = continued(before, resumedAt, numericsOf(loaded));
  const checkpoints = startCheckpoints(
    observedChain(chain, { log, tracing }),
    planned.trajectoryId,
    training,
    computedOn,
  );
  const spans = trainingSpans(tracing, resumedAt);
  const board = openBoard({
    root: config.RETHINKING_TENSORBOARD,
    planned,
    known: { losses: training.losses(), evaluations },
    onProblem: (err) =>
      log.warn({ err }, 'TensorBoard’s files cannot be written; the training goes on without'),
  });
  const progress = progressMeter(planned, loaded.device, resumedAt, report);

  const trainingSince = new Date();
  let savedAt = performance.now();
  const segmentEndsAt = savedAt + request.segmentSeconds * 1000;
  try {
    for (;;) {
      const askedAt = performance.now();
      const next = await training.events.next();
      const tookMs = performance.now() - askedAt;
      checkpoints.expectNoFailure();
      if (next.done) {
        spans.cut();
        const { checkpoint } = await checkpoints.finish();
        const finished = await tracing.span('publish run', {}, () =>
          publishRun(store, {
            request,
            finished: next.value,
            checkpoint,
            resumedFrom,
            trainingSince,
            computedOn,
            environment: describeEnvironment(config, loaded.device, loaded.version),
            startedAt,
            endedAt: new Date(),
          }),
        );
        log.info({ step: finished.steps, stopped: finished.stopped }, 'the run is finished');
        return { kind: 'ended', finished, step: finished.steps };
      }
      progress.see(next.value);
      spans.see(next.value);
      board.see(next.value);
      progress.send(checkpoints.latest);
      pace.see(next.value, tookMs);
      const now = performance.now();
      if (stop.aborted || now >= segmentEndsAt) {
        spans.cut();
        const { step } = (await checkpoints.finish()).state;
        log.info({ step, stopped: stop.aborted }, 'the segment ends at a checkpoint');
        return { kind: 'ended', finished: null, step };
      }
      const isDue = now - savedAt >= config.RETHINKING_CHECKPOINT_SECONDS * 1000;
      if (isDue && !checkpoints.isUnderway) {
        savedAt = now;
        spans.cut();
        await checkpoints.begin();
      }
    }
  } catch (error) {
    if (error instanceof Failure && error.type === 'LossNotFinite') {
      await keepCurve(store, planned, training.losses());
    }
    throw error;
  } finally {
    await checkpoints.settle(); // what was right until now may still arrive
    training.dispose();
    board.close();
  }
}

/** The chain, with a span and a line for each checkpoint. */
const observedChain = (chain: CheckpointChain, { log, tracing }: Telemetry) => ({
  get links() {
    return chain.links;
  },
  async commit(step: number, state: Buffer) {
    const size = { 'rethinking.step': step, 'rethinking.bytes': state.byteLength };
    const link = await tracing.span('commit checkpoint', size, () => chain.commit(step, state));
    log.debug({ step, bytes: state.byteLength }, 'checkpoint');
    return link;
  },
});
