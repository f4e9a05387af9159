/** What only Temporal's server knows: the tasks that wait for workers, and the nights that failed. It has metrics of its own
 *  about queues, which a cloud or another team may keep to itself; five small calls every quarter of a minute cost
 *  neither side anything. Every light worker asks, so readers take the maximum. */
import type { Client } from '@temporalio/client';
import { KIND } from '../cli/pollers.ts';
import type { Meters } from './meters.ts';

const EVERY_MS = 15_000;
const ANSWER_MS = 10_000;
const DAY_MS = 24 * 3600 * 1000;

/** Until the process ends. What Temporal does not answer is NaN; its SDK counts that it did not. */
export function watchTemporal(client: Client, trainQueue: string, meters: Meters): void {
  const queues = [
    { queue: 'rethinking', kind: 'workflow' },
    { queue: 'rethinking', kind: 'activity' },
    { queue: 'rethinking-data', kind: 'activity' },
    { queue: trainQueue, kind: 'activity' },
  ] as const;

  async function lookAt({ queue, kind }: (typeof queues)[number]): Promise<void> {
    const labels = { task_queue: queue, kind }; // as Temporal's SDK calls it in its own metrics
    const { stats, pollers } = await client.workflowService
      .describeTaskQueue({
        namespace: client.options.namespace,
        taskQueue: { name: queue },
        taskQueueType: KIND[kind],
        reportStats: true,
      })
      .catch(() => ({ stats: null, pollers: null }));
    meters.backlog.set(Number(stats?.approximateBacklogCount ?? Number.NaN), labels);
    meters.backlogAge.set(Number(stats?.approximateBacklogAge?.seconds ?? Number.NaN), labels);
    meters.pollers.set(pollers?.length ?? Number.NaN, labels);
  }

  async function lookAtNights(): Promise<void> {
    const since = new Date(Date.now() - DAY_MS).toISOString();
    const failed = `WorkflowType = "nightlyPaper" AND ExecutionStatus IN ("Failed", "TimedOut") AND CloseTime > "${since}"`;
    const { count } = await client.workflow.count(failed).catch(() => ({ count: Number.NaN }));
    meters.nightsFailed.set(count);
  }

  const look = () =>
    client.withDeadline(Date.now() + ANSWER_MS, async () => {
      await Promise.all([...queues.map(lookAt), lookAtNights()]);
    });
  void look();
  setInterval(look, EVERY_MS).unref();
}
