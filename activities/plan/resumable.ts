/** Where a training that is not finished would begin: the newest whole checkpoint, its own or a shorter run's. Changes
 *  nothing; the trainer looks again when it starts. */
import type { PlannedRun } from '../contract.ts';
import { type Link, linksOfSiblings, readLinks } from '../store/checkpoint-chain.ts';
import { unlessDamaged } from '../store/damage.ts';
import * as keys from '../store/keys.ts';
import type { Store } from '../store/store.ts';
import { decodeCheckpoint } from '../training/checkpoint.ts';
import { hasStopped } from '../training/convergence.ts';

/** step: that training goes on after; run: whose checkpoint it is. */
export interface Beginning {
  step: number;
  run: string;
}

export async function beginningOf(store: Store, planned: PlannedRun): Promise<Beginning | null> {
  for (const link of (await unlessDamaged(() => readLinks(store, keys.checkpointPointer(planned)))) ?? []) {
    if (await stateOf(store, planned, link)) return { step: link.step, run: planned.id };
  }
  for (const link of await linksOfSiblings(store, planned)) {
    const state = await stateOf(store, planned, link);
    if (state && !hasStopped(planned.run, state))
      return { step: link.step, run: keys.runOfCheckpoint(link.key) };
  }
  return null;
}

const stateOf = (store: Store, { trajectoryId }: PlannedRun, link: Link) =>
  unlessDamaged(async () => decodeCheckpoint(trajectoryId, await store.get(link)));
