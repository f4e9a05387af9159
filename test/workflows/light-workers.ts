/** A dev server and workers whose plans, pictures and verdicts are real, in a store in memory; data sets and trainings
 *  are pretend. */

import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { inject } from 'vitest';
import type { Activities } from '../../activities/contract.ts';
import { createDrawFigure } from '../../activities/draw-figure.ts';
import { withTypedFailures } from '../../activities/index.ts';
import { createJudge } from '../../activities/judge.ts';
import { createPlanRuns } from '../../activities/plan-runs.ts';
import { createReadOptions } from '../../activities/read-options.ts';
import { createMemoryStore } from '../../activities/store/memory.ts';
import type { Store } from '../../activities/store/store.ts';
import { environment } from '../activities/environment.ts';

export interface LightWorkers {
  server: TestWorkflowEnvironment;
  store: Store;
  close(): Promise<void>;
}

export async function startLightWorkers(
  pretend: (store: Store) => Partial<Activities>,
  serverSettings: string[] = [],
): Promise<LightWorkers> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const path = process.env.RETHINKING_TEMPORAL;
  if (!path) throw new Error('RETHINKING_TEMPORAL is not set: run the tests through `npm test`');
  const server = await TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path },
      extraArgs: serverSettings.flatMap((setting) => ['--dynamic-config-value', setting]),
    },
  });
  const store = createMemoryStore();
  const deps = { store, environment, now: () => new Date('2026-01-01T00:00:00Z') };
  const activities = withTypedFailures({
    readOptions: createReadOptions({ limits: { heartbeatSeconds: 10, segmentSeconds: 60 } }),
    planRuns: createPlanRuns(deps),
    drawFigure: createDrawFigure(deps),
    judge: createJudge(deps),
    ...pretend(store),
  });
  const workers = await Promise.all(
    ['rethinking', 'rethinking-data', 'rethinking-train'].map((taskQueue) =>
      Worker.create({
        connection: server.nativeConnection,
        taskQueue,
        activities,
        ...(taskQueue === 'rethinking' ? { workflowBundle: inject('workflowBundle') } : {}),
      }),
    ),
  );
  const running = workers.map((worker) => worker.run());
  return {
    server,
    store,
    async close() {
      for (const worker of workers) worker.shutdown();
      await Promise.all(running);
      await server.teardown();
    },
  };
}
