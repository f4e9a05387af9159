/** Checkpoints of a training that goes on meanwhile: the state is read between two steps, and its way into the store
 *  takes none of their time. One is on its way at a time; the pointer names it once it is whole. */

import type { Stretch } from '../activities/provenance/numerics.ts';
import type { CheckpointChain, Link } from '../activities/store/checkpoint-chain.ts';
import { encodeCheckpoint } from '../activities/training/checkpoint.ts';
import type { Training, TrainingState } from '../activities/training/loop.ts';

export interface Checkpoints {
  /** The newest that is whole in the store. */
  readonly latest: Link | null;
  /** A store that takes longer than the time between two checkpoints gets fewer of them: the training does not wait. */
  readonly isUnderway: boolean;
  /** Reads the state, as soon as the checkpoint before has arrived, and sends it on its way if that was of another step. */
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
  let isUnderway = false;
  let onItsWay: Promise<void> = Promise.resolve();

  const commit = async (state: TrainingState): Promise<Link> => {
    latest = await chain.commit(state.step, encodeCheckpoint(trajectoryId, state, computedOn));
    return latest;
  };
  const expectNoFailure = () => {
    if (failure) throw failure.error;
  };
  /** The state as it is now, when nothing is on its way, and the checkpoint of its step if there is one. */
  const stateToKeep = async () => {
    await onItsWay;
    expectNoFailure();
    const state = await snapshot();
    return { state, kept: latest?.step === state.step ? latest : null };
  };

  return {
    get latest() {
      return latest;
    },
    get isUnderway() {
      return isUnderway;
    },
    async begin() {
      const { state, kept } = await stateToKeep();
      if (kept) return;
      isUnderway = true;
      onItsWay = commit(state)
        .then(
          () => {},
          (error: unknown) => {
            failure = { error };
          },
        )
        .finally(() => {
          isUnderway = false;
        });
    },
    expectNoFailure,
    async finish() {
      const { state, kept } = await stateToKeep();
      return { state, checkpoint: kept ?? (await commit(state)) };
    },
    settle: () => onItsWay,
  };
}
