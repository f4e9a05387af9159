/** Who serves a task queue, and workflows that nobody serves: nothing is wrong with them, and nothing happens. */
import type { Client } from '@temporalio/client';

// Of the API's TaskQueueType.
export const KIND = { workflow: 1, activity: 2 } as const;

/** Versions of the workers that asked a queue for work in the last minutes, null for one without a version. */
export async function pollersOf(
  client: Client,
  taskQueue: string,
  kind: keyof typeof KIND,
): Promise<(string | null)[]> {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: KIND[kind],
  });
  return (pollers ?? []).map(({ deploymentOptions }) => {
    const versioned = deploymentOptions?.workerVersioningMode === VERSIONED;
    return versioned ? versionName(deploymentOptions) : null;
  });
}

const VERSIONED = 2; // of the API's WorkerVersioningMode

export const versionName = ({
  deploymentName,
  buildId,
}: {
  deploymentName?: string | null;
  buildId?: string | null;
}) => `${deploymentName}:${buildId}`;

/** Why a running workflow stands still, where no worker can take it on; else null. */
export async function withoutWorker(client: Client, workflowId: string): Promise<string | null> {
  const { taskQueue, raw } = await client.workflow.getHandle(workflowId).describe();
  const { versioningInfo } = raw.workflowExecutionInfo ?? {};
  const pollers = await pollersOf(client, taskQueue, 'workflow');
  if (pollers.length === 0) return `no worker serves the queue ${taskQueue}: start one`;
  const override = versioningInfo?.versioningOverride;
  const version =
    override?.pinned?.version ??
    (versioningInfo?.behavior === PINNED && !override?.autoUpgrade ? versioningInfo.deploymentVersion : null);
  if (!version || pollers.includes(versionName(version))) return null;
  return (
    `pinned to ${versionName(version)}, which no worker has any more: start that version, or let today's take it on with ` +
    `\`npm run temporal -- workflow update-options --workflow-id ${workflowId} --versioning-override-behavior auto_upgrade\``
  );
}

const PINNED = 1; // of the API's VersioningBehavior
