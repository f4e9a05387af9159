/** Waits until a paper has trained so many networks and would train another: what a budget counts. Asked of its artifacts,
 *  whose queries say what they trained; those that have ended are asked once. */
import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { z } from 'zod';
import type { Activities } from './contract.ts';

const POLL_MS = 1000;

const PaperState = z.object({
  artifacts: z.array(z.object({ workflowId: z.string(), state: z.string() })),
});
const ArtifactState = z.object({ runs: z.array(z.object({ id: z.string(), state: z.string() })) });

export function createAwaitTrainings({ client }: { client: Client }): Activities['awaitTrainings'] {
  return async ({ workflowId, count }) => {
    const context = Context.current();
    const trained = new Set<string>();
    const counted = new Set<string>();
    for (;;) {
      context.heartbeat();
      // Between two workers nobody answers; a second later somebody does.
      const wantsMore = await look().catch(() => false);
      if (trained.size >= count && wantsMore) return { trained: trained.size };
      await context.sleep(POLL_MS);
    }

    /** Whether there is a training that waits or runs. */
    async function look(): Promise<boolean> {
      let wantsMore = false;
      const { artifacts } = PaperState.parse(await client.workflow.getHandle(workflowId).query('paper'));
      for (const artifact of artifacts) {
        if (artifact.state === 'waiting' || counted.has(artifact.workflowId)) continue;
        const answer = await client.workflow.getHandle(artifact.workflowId).query('progress');
        for (const { id, state } of ArtifactState.parse(answer).runs) {
          if (state === 'trained' || state === 'failed') trained.add(id);
          if (state === 'waiting') wantsMore = true;
        }
        if (artifact.state !== 'running') counted.add(artifact.workflowId);
      }
      return wantsMore;
    }
  };
}
