/** The command as a user types it, killed in the middle on a real S3 server beside a training that is on its way. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { request as forward } from 'node:http';
import { CreateMultipartUploadCommand } from '@aws-sdk/client-s3';
import { Client } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as keys from '../../../activities/store/keys.ts';
import { lookAtOutcome } from '../../../activities/store/outcomes.ts';
import { connectS3, createS3Store } from '../../../activities/store/s3.ts';
import { openContents } from '../../../activities/store/s3-contents.ts';
import { largePayloadsIn } from '../../../worker/large-payloads.ts';
import { stackVariables } from '../../../worker/session.ts';
import { bound, finish, leaveCheckpoint } from '../../activities/plan/generated-runs.ts';
import { startFake } from '../../activities/store/s3-server.ts';
import { type Lab, listed, openLab } from '../../faults/lab.ts';

const STRAYS = 20;
const SURVIVED = 5;

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab.close());

const main = new URL('../../../dist/worker/cli/main.js', import.meta.url).pathname;

test('killed in the middle and run again, gc leaves results, what trains, and nothing else', async () => {
  const { endpoint, region, bucket, accessKeyId, secretAccessKey } = lab.stack.s3;
  const options = { bucket, endpoint, region, credentials: { accessKeyId, secretAccessKey } };
  const store = createS3Store(options);
  const contents = openContents(options);
  await finish(store, bound());
  const strays = Array.from({ length: STRAYS }, (_, step) => keys.checkpoint(bound(), step, '0badbeef'));
  await Promise.all(strays.map((key) => store.putIfAbsent(key, Buffer.from(key))));
  await connectS3(options).client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: 'begun' }));
  const training = bound({ seed: 2 });
  await leaveCheckpoint(store, training, [3]);
  await store.putIfAbsent(keys.checkpoint(training, 2, '0badbeef'), Buffer.from('on its way'));
  await lab.client.workflow.start('trainNetwork', {
    workflowId: `train-${training.id}`, // there are no workers: it waits
    taskQueue: 'rethinking',
  });
  const ofTraining = await listed(store, `trajectories/${training.trajectoryId}/`);
  // What a history names, and what none does.
  const { connection } = lab.client;
  const offloading = new Client({ connection, dataConverter: largePayloadsIn(store) });
  const large = await offloading.workflow.start('trainNetwork', {
    workflowId: `train-${bound({ seed: 3 }).id}`,
    taskQueue: 'rethinking',
    args: ['x'.repeat(300 * 1024)],
  });
  await large.terminate();
  const named = await listed(store, 'payloads/');
  await store.putIfAbsent(
    keys.payload(new Date(0), '0'.repeat(64)),
    Buffer.from('of a history that is gone'),
  );
  const env = { ...process.env, ...stackVariables(lab.stack) };
  const command = [main, 'gc', '--yes', '--json', '--older-than', '0'];

  let removals = 0;
  const between = await startFake((request, response) => {
    if (request.method === 'DELETE' && removals++ === SURVIVED) {
      killed.kill('SIGKILL');
      return;
    }
    const { method, url: path, headers } = request;
    const onwards = forward(new URL(endpoint), { method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onwards);
  });
  const killed = spawn(process.execPath, command, {
    env: { ...env, AWS_ENDPOINT_URL_S3: between.endpoint },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  expect(await once(killed, 'exit')).toEqual([null, 'SIGKILL']);
  between.stop();
  const left = await listed(store, `trajectories/${bound().trajectoryId}/checkpoints/`);
  expect(left).toHaveLength(1 + STRAYS - SURVIVED);

  const again = spawnSync(process.execPath, command, { env, encoding: 'utf8' });

  expect(again).toMatchObject({ status: 0, stderr: '' });
  const { outcome, damaged } = await lookAtOutcome(store, bound());
  expect(damaged).toEqual([]);
  const checkpoints = await listed(store, `trajectories/${bound().trajectoryId}/checkpoints/`);
  expect(checkpoints.map(({ key }) => key)).toEqual([outcome?.checkpoint.key]);
  expect(await listed(store, `trajectories/${training.trajectoryId}/`)).toEqual(ofTraining);
  expect(named).toHaveLength(1);
  expect(await listed(store, 'payloads/')).toEqual(named);
  for await (const upload of contents.uploads()) expect.unreachable(upload.key);
});
