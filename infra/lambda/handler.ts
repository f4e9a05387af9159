/** A light worker for as long as one invocation of a function lasts: workflows, plans, pictures and verdicts. Waiting for a training
 *  is an activity too, and an invocation ends within a quarter of an hour: the next one goes on waiting. So Lambda pays for
 *  short artifacts and for many that share trainings; beside trainings of days a small container costs less. */
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { runWorker } from '@temporalio/lambda-worker';
import { createLightActivities } from '../../activities/index.ts';
import { describeEnvironment, openStore, readConfig, temporalConnection } from '../../worker/config.ts';
import { largePayloadsIn } from '../../worker/large-payloads.ts';

const config = readConfig();
const store = openStore(config);
const dataConverter = largePayloadsIn(store);
const { connectionOptions, namespace = 'default' } = temporalConnection();
const { TEMPORAL_DEPLOYMENT_NAME: deploymentName, TEMPORAL_WORKER_BUILD_ID: buildId } = process.env;
if (!deploymentName || !buildId) {
  throw new Error(
    'Set TEMPORAL_DEPLOYMENT_NAME and TEMPORAL_WORKER_BUILD_ID: workers on Lambda are always versioned.',
  );
}

export const handler = runWorker({ deploymentName, buildId }, ({ workerOptions }) => {
  workerOptions.taskQueue = 'rethinking';
  workerOptions.dataConverter = dataConverter;
  workerOptions.workflowBundle = { codePath: join(import.meta.dirname, 'workflow-bundle.js') };
  workerOptions.maxConcurrentActivityTaskExecutions = 1000; // nearly all of them wait for a training
  workerOptions.activities = createLightActivities({
    store,
    environment: describeEnvironment(config),
    now: () => new Date(),
    client: new Client({ connection: Connection.lazy(connectionOptions), namespace, dataConverter }),
    limits: {
      heartbeatSeconds: config.RETHINKING_HEARTBEAT_SECONDS,
      segmentSeconds: config.RETHINKING_SEGMENT_SECONDS,
    },
  });
});
