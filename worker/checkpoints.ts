/** Checkpoints of a training that goes on meanwhile: the state is read between two steps, and its way into the store
 *  takes none of their time. One is on its way at a time; the pointer names it once it is whole. */

import type { Stretch } from '../activities/provenance/numerics.ts';
import type { CheckpointChain, Link } from '../activities/store/checkpoint-chain.ts';
import { encodeCheckpoint } from '../activities/training/checkpoint.ts';
import type { Training, TrainingState } from '../activities/training/loop.ts';

export interface Checkpoints {
  /** The newest that is whole in the store. */
  readonly latest: Link | null;
  /** Reads the state, as soon as the checkpoint before has arrived, and sends it on its way. */
  begin(): Promise<void>;
  /** Fails with what a checkpoint on its way failed of, as `begin` and `finish` do. */
  expectNoFailure(): void;
  /** Has the state as it is now in the store. */
  finish(): Promise<{ state: TrainingState; checkpoint: Link }>;
  /** Waits until none is on its way, whatever became of it. */
  settle(): Promise<void>;
}

export function startCheckpoints(
  chain: Pick<CheckpointChain, 'links' | 'commit'>,
  trajectoryId: string,
  { snapshot }: Pick<Training, 'snapshot'>,
  computedOn: Stretch[] = [],
): Checkpoints {
  let latest: Link | null = chain.links[0] ?? null;
  let failure: { error: unknown } | null = null;
  let onItsWay: Promise<void> = Promise.resolve();

  const commit = async (state: TrainingState): Promise<Link> => {
    latest = await chain.commit(state.step, encodeCheckpoint(trajectoryId, state, computedOn));
    return latest;
  };
  const expectNoFailure = () => {
    if (failure) throw failure.error;
  };
  const arrived = async () => {
    await onItsWay;
    expectNoFailure();
  };

  return {
    get latest() {
      return latest;
    },
    async begin() {
      await arrived();
      const state = await snapshot();
      onItsWay = commit(state).then(
        () => {},
        (error: unknown) => {
          failure = { error };
        },
      );
    },
    expectNoFailure,
    async finish() {
      await arrived();
      const state = await snapshot();
      return { state, checkpoint: latest?.step === state.step ? latest : await commit(state) };
    },
    settle: () => onItsWay,
  };
}
