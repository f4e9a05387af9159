/** What waits for workers, as Temporal's server counts it. The server has metrics of its own about this, which a cloud or
 *  another team may keep to itself; one call a queue every quarter of a minute costs neither side anything. */
import type { Client } from '@temporalio/client';
import { KIND } from '../cli/pollers.ts';
import type { Meters } from './meters.ts';

const EVERY_MS = 15_000;
const ANSWER_MS = 10_000;

/** Until the process ends. */
export function watchQueues(client: Client, trainQueue: string, meters: Meters): void {
  const watched = [
    { queue: 'rethinking', kind: 'workflow' },
    { queue: 'rethinking', kind: 'activity' },
    { queue: 'rethinking-data', kind: 'activity' },
    { queue: trainQueue, kind: 'activity' },
  ] as const;
  const lookAt = async ({ queue, kind }: (typeof watched)[number]) => {
    const { backlog, ageSeconds, pollers } = await waitingIn(client, queue, kind).catch(() => UNKNOWN);
    meters.backlog.set(backlog, { queue, kind });
    meters.backlogAge.set(ageSeconds, { queue, kind });
    meters.pollers.set(pollers, { queue, kind });
  };
  const look = () => void Promise.all(watched.map(lookAt));
  look();
  setInterval(look, EVERY_MS).unref();
}

/** Where Temporal does not answer; its SDK counts that (`temporal_request_failure_total`). */
const UNKNOWN = { backlog: Number.NaN, ageSeconds: Number.NaN, pollers: Number.NaN };

async function waitingIn(client: Client, queue: string, kind: keyof typeof KIND): Promise<typeof UNKNOWN> {
  const { stats, pollers } = await client.withDeadline(Date.now() + ANSWER_MS, () =>
    client.workflowService.describeTaskQueue({
      namespace: client.options.namespace,
      taskQueue: { name: queue },
      taskQueueType: KIND[kind],
      reportStats: true,
    }),
  );
  return {
    backlog: Number(stats?.approximateBacklogCount ?? 0),
    ageSeconds: Number(stats?.approximateBacklogAge?.seconds ?? 0),
    pollers: pollers?.length ?? 0,
  };
}
