/** The trainer process: a thin shell around `training/loop.ts`. It takes one order over IPC, claims the run, goes on
 *  from the newest whole checkpoint, checkpoints on a time budget and ends when its parent does. */
import type { ObjectRef, PlannedRun, PreparedSplit, TrainingProgress } from '../activities/contract.ts';
import { decodeNpy } from '../activities/data/npy.ts';
import { Failure } from '../activities/failure/failure.ts';
import { expectOwnRecipe } from '../activities/identity/run-id.ts';
import { CheckpointChain, type Link, linksOfSiblings } from '../activities/store/checkpoint-chain.ts';
import type { Store } from '../activities/store/store.ts';
import type { TrainerOrder, TrainerReport, TrainerRequest } from '../activities/train-segment.ts';
import { isAugmented } from '../activities/training/augment.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../activities/training/checkpoint.ts';
import { hasStopped } from '../activities/training/convergence.ts';
import {
  type Split,
  startTraining,
  type Training,
  type TrainingEvent,
  type TrainingState,
} from '../activities/training/loop.ts';
import { describeEnvironment, openStore, readConfig } from './config.ts';
import { type LoadedDevice, loadDevice } from './load-device.ts';
import { keepCurve, publishRun } from './publish-run.ts';

const REPORT_EVERY_MS = 500;
/** Steps of one call of the engine: long enough that the call costs nothing, short enough that an order to stop and a
 *  checkpoint that is due do not wait. */
const CALL_MS = 250;

const report = (message: TrainerReport) => process.send?.(message);
let stopping = false;

process.on('disconnect', () => process.exit(1)); // the parent is gone: nobody may train for no one
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {}); // the parent decides
process.on('message', (order: TrainerOrder) => {
  if (order.kind === 'stop') {
    stopping = true;
    return;
  }
  trainSegment(order.request).then(report, (error: unknown) =>
    report(
      error instanceof Failure
        ? { kind: 'failed', type: error.type, message: error.message }
        : {
            kind: 'failed',
            type: 'TrainerError',
            message: error instanceof Error ? (error.stack ?? '') : `${error}`,
          },
    ),
  );
});

async function trainSegment(request: TrainerRequest): Promise<TrainerReport> {
  const startedAt = new Date();
  const { planned } = request;
  expectOwnRecipe(planned.run.trajectory);
  const config = readConfig();
  const store = openStore(config);
  // Before the claim: a trainer without its device takes nothing over.
  const loaded = await loadDevice(config, report);
  const chain = await CheckpointChain.claim(store, planned, request.token);
  const pace = callPace();
  const { training, resumedAt } = await startOrResume(loaded, {
    request,
    store,
    chain,
    stepsACall: pace.stepsACall,
  });
  let checkpoint: Link | null = chain.links[0] ?? null;
  const progress = progressMeter(planned, loaded.device, resumedAt);

  const save = async () => {
    const state = await training.snapshot();
    if (checkpoint?.step === state.step) return state;
    checkpoint = await chain.commit(state.step, encodeCheckpoint(planned.trajectoryId, state));
    return state;
  };

  let savedAt = performance.now();
  const segmentEndsAt = savedAt + request.segmentSeconds * 1000;
  try {
    for (;;) {
      const next = await training.events.next();
      if (next.done) {
        const state = await save();
        const environment = describeEnvironment(config, loaded.device, loaded.version);
        const finished = await publishRun(store, {
          request,
          finished: next.value,
          checkpoint:
            checkpoint ?? (await chain.commit(state.step, encodeCheckpoint(planned.trajectoryId, state))),
          environment,
          startedAt,
          endedAt: new Date(),
        });
        return { kind: 'ended', finished, step: finished.steps };
      }
      progress.see(next.value);
      progress.send(checkpoint);
      pace.see(next.value);
      const now = performance.now();
      if (stopping || now >= segmentEndsAt) {
        return { kind: 'ended', finished: null, step: (await save()).step };
      }
      if (now - savedAt >= config.RETHINKING_CHECKPOINT_SECONDS * 1000) {
        await save();
        savedAt = performance.now();
      }
    }
  } catch (error) {
    if (error instanceof Failure && error.type === 'LossNotFinite') {
      await keepCurve(store, planned, training.losses());
    }
    throw error;
  } finally {
    training.dispose();
  }
}

/** A function of its own: the splits, hundreds of megabytes, are let go once the engine has them. */
async function startOrResume(
  { tf, startEngine }: LoadedDevice,
  {
    request: { planned, prepared },
    store,
    chain,
    stepsACall,
  }: { request: TrainerRequest; store: Store; chain: CheckpointChain; stepsACall: () => number },
): Promise<{ training: Training; resumedAt: number }> {
  const { augmentation } = planned.run.trajectory;
  const [train, test, from] = await Promise.all([
    loadSplit(store, prepared.train, isAugmented(augmentation)),
    loadSplit(store, prepared.test, false),
    newestState(store, chain, planned),
  ]);
  const training = await startTraining(tf, startEngine, { ...planned.run, train, test, from, stepsACall });
  return { training, resumedAt: from?.step ?? 0 };
}

async function loadSplit(store: Store, split: PreparedSplit, augmented: boolean): Promise<Split> {
  const [bytes, labels] = await Promise.all([split.images, split.labels].map((ref) => getWhole(store, ref)));
  const images = augmented ? unitInterval(bytes, split.count) : decodeNpy(bytes, 'float32').data;
  return { images, labels: decodeNpy(labels, 'uint8').data };
}

/** The first images of a stored data set, uint8 [n, 32, 32, 3], as float32 pixels / 255. */
function unitInterval(bytes: Buffer, count: number): Float32Array {
  const { data, shape } = decodeNpy(bytes, 'uint8');
  return Float32Array.from(data.subarray(0, (data.length / shape[0]!) * count), (pixel) => pixel / 255);
}

/** The bytes of an object that can be made again; damaged ones are set aside first. */
async function getWhole(store: Store, ref: ObjectRef): Promise<Buffer> {
  try {
    return await store.get(ref);
  } catch (error) {
    if (error instanceof Failure && error.type === 'ObjectDamaged') await store.setAside(ref.key);
    throw error;
  }
}

/** The newest whole checkpoint: this run's own, else one that another run of the trajectory left before the point
 *  where this one would have stopped. Damaged ones are set aside. */
async function newestState(
  store: Store,
  chain: CheckpointChain,
  planned: PlannedRun,
): Promise<TrainingState | null> {
  for (const link of [...chain.links]) {
    try {
      return decodeCheckpoint(planned.trajectoryId, await store.get(link));
    } catch (error) {
      if (!(error instanceof Failure && error.type === 'ObjectDamaged')) throw error;
      await chain.setAside(link);
    }
  }
  for (const link of await linksOfSiblings(store, planned)) {
    const bytes = await store.get(link).catch((error: unknown) => {
      if (error instanceof Failure && error.type === 'ObjectDamaged') return null; // its own run will see to it
      throw error;
    });
    const state = bytes && decodeCheckpoint(planned.trajectoryId, bytes);
    if (state && !hasStopped(planned.run, state)) return state;
  }
  return null;
}

/** Speed over this segment and the mean of the latest losses, sent now and then. */
function progressMeter(planned: PlannedRun, device: string, resumedAt: number) {
  const startedAt = performance.now();
  const latest: number[] = [];
  let step = resumedAt;
  let trainAccuracyPercent: number | null = null;
  let sentAt = 0;
  return {
    see(event: TrainingEvent) {
      if (event.kind === 'steps') {
        step = event.step;
        latest.push(...event.losses);
        latest.splice(0, latest.length - 20);
      } else {
        trainAccuracyPercent = (100 * event.evaluation.train.correct) / event.evaluation.train.images;
      }
    },
    send(checkpoint: Link | null) {
      const now = performance.now();
      if (now - sentAt < REPORT_EVERY_MS) return;
      sentAt = now;
      const progress: TrainingProgress = {
        runId: planned.id,
        resumedAt,
        step,
        steps: planned.run.stop.steps,
        loss: latest.length ? latest.reduce((sum, loss) => sum + loss, 0) / latest.length : null,
        stepsPerSecond: (step - resumedAt) / ((now - startedAt) / 1000),
        trainAccuracyPercent,
        checkpoint,
        device,
      };
      report({ kind: 'progress', progress });
    },
  };
}

/** How many steps a call shall take, from how long the latest took. */
function callPace() {
  let steps = 1;
  let seenAt = performance.now();
  return {
    stepsACall: () => steps,
    see(event: TrainingEvent) {
      const now = performance.now();
      const taken = now - seenAt;
      seenAt = now;
      if (event.kind !== 'steps') return;
      const fitting = Math.floor((CALL_MS * event.losses.length) / taken);
      steps = Math.max(1, Math.min(fitting, 2 * steps)); // the first call traces, and an estimate may be wrong
    },
  };
}
