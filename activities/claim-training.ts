/** One workflow trains a run, whatever its name: figures start theirs under a name made from the run, a person under any.
 *  Whoever claims first has it for as long as it runs; so no two workflows fence each other's attempts. */
import { Context } from '@temporalio/activity';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { type Activities, TrainedBy } from './contract.ts';
import * as keys from './store/keys.ts';
import { readOrSetAside } from './store/pointer.ts';
import type { Store } from './store/store.ts';

export function createClaimTraining({
  store,
  client,
}: {
  store: Store;
  client: Client;
}): Activities['claimTraining'] {
  return async ({ planned }) => {
    const asking = TrainedBy.parse(Context.current().info.workflowExecution);
    const key = keys.trainedBy(planned);
    for (;;) {
      const found = await readOrSetAside(store, key);
      const holder = found && TrainedBy.parse(JSON.parse(found.bytes.toString()));
      if (holder?.runId === asking.runId) return null;
      if (holder && (await isOpen(holder))) return holder;
      const version = await store.swap(key, Buffer.from(JSON.stringify(asking)), found?.version ?? null);
      if (version !== null) return null;
    }
  };

  async function isOpen({ workflowId, runId }: TrainedBy): Promise<boolean> {
    try {
      const { status } = await client.workflow.getHandle(workflowId, runId).describe();
      return status.name === 'RUNNING' || status.name === 'PAUSED';
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false; // of another server, or forgotten by this one
      throw error;
    }
  }
}
