/** A whole local stack in a temporary folder, with real processes to kill. It runs the compiled code, as users do. */
import { type ChildProcess, execFileSync, fork, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { inject } from 'vitest';
import type { z } from 'zod';
import {
  type Outcome,
  type PlannedRun,
  type TrainingProgress,
  type TrainNetworkOptions,
  Trajectory,
} from '../../activities/contract.ts';
import { planRun } from '../../activities/identity/run-id.ts';
import { readOrigin, Segment } from '../../activities/provenance/origin.ts';
import * as keys from '../../activities/store/keys.ts';
import { createS3Store } from '../../activities/store/s3.ts';
import type { Store } from '../../activities/store/store.ts';
import type { Workers } from '../../worker/workers.ts';
import { PROFILES } from '../../workflows/profiles.ts';
import { recipe } from '../../workflows/recipe.ts';

type Input = z.input<typeof TrainNetworkOptions>;

const compiled = <T>(path: string): Promise<T> => import(new URL(`../../dist/${path}`, import.meta.url).href);

/** So many steps of the 1x512 MLP, a few milliseconds each: on small batches, and seldom evaluated. */
export function training(steps: number, seed = 1): { planned: PlannedRun } {
  const corruption = { labels: 1, pixels: 'intact' } as const;
  const { trajectory } = recipe(PROFILES.smoke, { model: 'mlp-1x512', corruption, seed });
  const changes = { testImages: 16, batchSize: 16, evaluation: { everySteps: 50, monitored: 16 } };
  const run = { trajectory: { ...trajectory, ...changes }, stop: { steps, when: null } };
  return { planned: planRun(inject('dataset'), run) };
}

/** Where a worker dies: the others take over what it had after as long without a heartbeat. */
export const SOON_MISSED = { RETHINKING_HEARTBEAT_SECONDS: '3' };

export type Lab = Awaited<ReturnType<typeof openLab>>;

export async function openLab() {
  const { RETHINKING_TEMPORAL: temporalBinary, RETHINKING_VERSITYGW: versitygwBinary } = process.env;
  if (!temporalBinary || !versitygwBinary) throw new Error('run the tests through `npm test`');
  const { startStack } =
    await compiled<typeof import('../../worker/stack/stack.ts')>('worker/stack/stack.js');
  const { startWorkers } = await compiled<typeof import('../../worker/workers.ts')>('worker/workers.js');
  const { stackVariables } = await compiled<typeof import('../../worker/session.ts')>('worker/session.js');
  const { stepsOf } = await compiled<typeof import('../../worker/cli/follow.ts')>('worker/cli/follow.js');

  const folder = await mkdtemp(join(tmpdir(), 'rethinking-faults-'));
  const events: string[] = [];
  const onEvent = (line: string) => void events.push(line);
  const stack = await startStack({ folder, temporalBinary, versitygwBinary, onEvent });
  const connection = await Connection.connect({ address: stack.temporal.address });
  const client = new Client({ connection, namespace: stack.temporal.namespace });

  const running = new Set<Workers>();

  const stored = async (store: Store, key: string): Promise<Buffer> => {
    const ref = await store.head(key);
    if (!ref) throw new Error(`${key} is not in the store`);
    return store.get(ref);
  };

  const storeOf = (bucket: string): Store => {
    const { endpoint, region, accessKeyId, secretAccessKey } = stack.s3;
    return createS3Store({ bucket, endpoint, region, credentials: { accessKeyId, secretAccessKey } });
  };

  /** The generated images, as a worker that has drawn them leaves them. */
  async function copyImages(bucket: string): Promise<void> {
    const images: string | undefined = inject('images');
    if (!images) return; // where histories are recorded
    const store = storeOf(bucket);
    await store.probe();
    for (const file of await readdir(images, { recursive: true, withFileTypes: true })) {
      const path = join(file.parentPath, file.name);
      if (file.isFile()) await store.putIfAbsent(relative(images, path), await readFile(path));
    }
  }

  return {
    folder,
    stack,
    /** What points a process at it. */
    variables: stackVariables(stack),
    storeOf,
    /** A light worker alone, which nobody starts again. */
    lightWorker(bucket: string): ChildProcess {
      const main = new URL('../../dist/worker/main.js', import.meta.url);
      const env = {
        ...process.env,
        ...stackVariables(stack),
        RETHINKING_BUCKET: bucket,
        ...SOON_MISSED,
      };
      return fork(main, ['light'], { env, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    },
    client,
    events,
    /** A pair of workers; with a bucket of its own unless one is given, in which nothing is found but images. */
    startWorkers(given?: string, changes: Record<string, string> = {}) {
      const bucket = given ?? `bucket-${randomUUID()}`;
      const told = {
        ...stackVariables(stack),
        RETHINKING_BUCKET: bucket,
        RETHINKING_HEARTBEAT_SECONDS: '60', // a busy machine is late with them
        RETHINKING_CHECKPOINT_SECONDS: '0.2',
        TF_NUM_INTRAOP_THREADS: '1', // as long on the clock for half the processor: that is when they are disturbed
        ...changes,
      };
      const variables = given ? told : copyImages(bucket).then(() => told);
      const workers = startWorkers({ logs: join(folder, 'logs'), variables, onEvent });
      running.add(workers);
      return { ...workers, bucket, store: storeOf(bucket) };
    },
    start: (input: Input) =>
      client.workflow.start<(input: Input) => Promise<Outcome>>('trainNetwork', {
        workflowId: `train-${randomUUID()}`,
        taskQueue: 'rethinking',
        args: [input],
      }),
    async trajectoryOf(outcome: Outcome, store: Store) {
      return Trajectory.parse(JSON.parse(String(await stored(store, keys.trajectory(outcome)))));
    },
    /** The step of the checkpoint that the last attempt went on from, by the record of the run; null: it began at the
     *  start. */
    async resumedAt(outcome: Outcome, store: Store): Promise<number | null> {
      const origin = readOrigin(await stored(store, keys.runProvenance(outcome)));
      return Segment.parse(origin?.parameters.get('segment')).from?.step ?? null;
    },
    /** A training that has ended once more, beside it: under a salted id it finds nothing of the first, and comes to the same
     *  bytes. */
    async startAgain(of: Outcome, store: Store) {
      const trajectory = await this.trajectoryOf(of, store);
      const run = {
        trajectory: { ...trajectory, salt: randomUUID() },
        stop: { steps: of.steps, when: null },
      };
      const planned = planRun(trajectory.dataset, run);
      return Object.assign(await this.start({ planned }), { planned });
    },
    /** Waits until a training's heartbeat satisfies `reached`; fails when the training ends before. */
    async progress(
      workflowId: string,
      reached: (progress: TrainingProgress) => boolean,
    ): Promise<TrainingProgress> {
      for (;;) {
        const { progress } = await stepsOf(client, workflowId.replace(/^train-/, ''));
        if (progress && reached(progress)) return progress;
        const handle = client.workflow.getHandle(workflowId);
        const { status } = await handle.describe();
        if (status.name !== 'RUNNING') {
          const cause = await handle.result().catch((error: unknown) => rootOf(error));
          throw new Error(`${workflowId} ended too early`, { cause });
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    /** A checkpoint in the middle of a training, as soon as it is whole in the store: heartbeats tell of it a second
     *  later, when a fast machine is done. */
    async checkpointOf(store: Store, run: PlannedRun, steps: number): Promise<{ key: string; step: number }> {
      for (;;) {
        const found = await store.read(keys.checkpointPointer(run));
        const [newest] = found ? JSON.parse(String(found.bytes)).links : [];
        if (newest?.step >= steps) throw new Error(`${run.id} ended too early`);
        if (newest) return newest;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    /** The `temporal` command line on this stack: what it says. */
    temporal: (...args: string[]) =>
      execFileSync(temporalBinary, args, {
        encoding: 'utf8',
        env: { ...process.env, TEMPORAL_ADDRESS: stack.temporal.address },
      }),
    /** Our own, as a user of these services types it. */
    command(bucket: string, ...args: string[]) {
      const main = new URL('../../dist/worker/cli/main.js', import.meta.url).pathname;
      const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
        encoding: 'utf8',
        env: { ...process.env, ...stackVariables(stack), RETHINKING_BUCKET: bucket },
      });
      return { status, said: `${stdout}${stderr}`.trim() };
    },
    /** Flips one bit in the file of the last key that is meant, under the S3 server's feet. Its key. */
    async damage(bucket: string, meant: (key: string) => boolean): Promise<string> {
      const root = join(folder, 's3', 'objects', bucket);
      const key = (await readdir(root, { recursive: true })).filter(meant).sort().at(-1);
      if (!key) throw new Error('there is no such object to damage');
      const bytes = await readFile(join(root, key));
      bytes[bytes.length >> 1] ^= 1;
      await writeFile(join(root, key), bytes); // in place: the server's attributes stay
      return key;
    },
    /** Also after a test that failed: the next one must not share its workers. */
    async stopWorkers() {
      await Promise.all([...running].map((workers) => workers.stop()));
      running.clear();
    },
    async close() {
      await this.stopWorkers();
      await connection.close();
      await stack.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function listed(store: Store, prefix: string): Promise<{ key: string; bytes: number }[]> {
  const found = [];
  for await (const object of store.list(prefix)) found.push(object);
  return found;
}

/** What a failed workflow failed of. */
export const rootOf = (error: unknown): unknown =>
  error instanceof Error && error.cause instanceof Error ? rootOf(error.cause) : error;
