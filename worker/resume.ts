/** Where a segment begins: both splits from the store, and the newest whole checkpoint, if there is one. */
import type { ObjectRef, PlannedRun, PreparedSplit, Trajectory } from '../activities/contract.ts';
import { decodeNpy } from '../activities/data/npy.ts';
import { Failure } from '../activities/failure/failure.ts';
import type { Stretch } from '../activities/provenance/numerics.ts';
import { type CheckpointChain, type Link, linksOfSiblings } from '../activities/store/checkpoint-chain.ts';
import { unlessDamaged } from '../activities/store/damage.ts';
import type { Store } from '../activities/store/store.ts';
import type { TrainerRequest } from '../activities/train-segment.ts';
import { isAugmented } from '../activities/training/augment.ts';
import { decodeCheckpoint, type StoredState } from '../activities/training/checkpoint.ts';
import { startCompiledEngine } from '../activities/training/compiled-engine.ts';
import { type Evaluation, hasStopped } from '../activities/training/convergence.ts';
import { type Split, startTraining, type Training } from '../activities/training/loop.ts';
import { streamedEngine } from '../activities/training/streamed-feed.ts';
import { openImageNet } from './imagenet.ts';
import type { LoadedDevice } from './load-device.ts';

/** A function of its own: the splits, hundreds of megabytes, are let go once the engine has them. */
export async function startOrResume(
  { tf, startEngine, device }: LoadedDevice,
  {
    request: { planned, prepared },
    store,
    chain,
    stepsACall,
  }: { request: TrainerRequest; store: Store; chain: CheckpointChain; stepsACall: () => number },
): Promise<{
  training: Training;
  resumedFrom: Link | null;
  computedOn: Stretch[];
  /** Those before it. */
  evaluations: readonly Evaluation[];
}> {
  const { trajectory } = planned.run;
  const found = await newestState(store, chain, planned);
  const from = found?.state ?? null;
  const resumedFrom = found?.link ?? null;
  const { computedOn = [], evaluations = [] } = from ?? {};
  const began = { resumedFrom, computedOn, evaluations };
  const rest = { ...planned.run, from, stepsACall };
  if (!prepared) {
    expectCompiled(trajectory, { startEngine, device });
    const images = await openImageNet(store, trajectory);
    const start = streamedEngine({ trajectory, step: from?.step ?? 0 });
    return { training: await startTraining(tf, start, { ...rest, ...images }), ...began };
  }
  const [train, test] = await Promise.all([
    loadSplit(store, prepared.train, isAugmented(trajectory.augmentation)),
    loadSplit(store, prepared.test, false),
  ]);
  return { training: await startTraining(tf, startEngine, { ...rest, train, test }), ...began };
}

function expectCompiled(
  { model }: Trajectory,
  { startEngine, device }: Pick<LoadedDevice, 'startEngine' | 'device'>,
): void {
  if (startEngine === startCompiledEngine) return;
  throw new Failure(
    'InvalidInput',
    `${model} trains compiled, and ${device} computes operation by operation: train on the CPU or an NVIDIA GPU.`,
  );
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
): Promise<{ state: StoredState; link: Link } | null> {
  for (const link of [...chain.links]) {
    try {
      return { state: decodeCheckpoint(planned.trajectoryId, await store.get(link)), link };
    } catch (error) {
      if (!(error instanceof Failure && error.type === 'ObjectDamaged')) throw error;
      await chain.setAside(link);
    }
  }
  for (const link of await linksOfSiblings(store, planned)) {
    const bytes = await unlessDamaged(() => store.get(link)); // else its own run will see to it
    const state = bytes && decodeCheckpoint(planned.trajectoryId, bytes);
    if (state && !hasStopped(planned.run, state)) return { state, link };
  }
  return null;
}
