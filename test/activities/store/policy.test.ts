/** The least-privilege policy of the bucket, on a server that enforces it: with it the whole store works, and without any one of
 *  its actions something does not. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createS3Store } from '../../../activities/store/s3.ts';
import type { Store } from '../../../activities/store/store.ts';
import { storeSuite } from '../../store.suite.ts';
import { ACCESS_KEY, REGION, SECRET_KEY, startVersitygw } from './s3-server.ts';

const Policy = z.looseObject({
  Statement: z.array(z.looseObject({ Action: z.array(z.string()), Resource: z.array(z.string()) })),
});
const POLICY = readFileSync(join(import.meta.dirname, '../../../infra/store/identity-policy.json'), 'utf8');
const ACTIONS = Policy.parse(JSON.parse(POLICY)).Statement.flatMap(({ Action }) => Action);

const WORKER = { accessKeyId: 'a-worker', secretAccessKey: 'the-secret-of-a-worker' };

let server: Awaited<ReturnType<typeof startVersitygw>>;
let root: S3Client;
beforeAll(async () => {
  server = await startVersitygw();
  const { endpoint } = server;
  root = new S3Client({
    endpoint,
    region: REGION,
    credentials: { accessKeyId: ACCESS_KEY, secretAccessKey: SECRET_KEY },
    forcePathStyle: true,
  });
  execFileSync(process.env.RETHINKING_VERSITYGW ?? '', [
    ...['admin', '--access', ACCESS_KEY, '--secret', SECRET_KEY, '--endpoint-url', endpoint],
    ...['create-user', '--access', WORKER.accessKeyId, '--secret', WORKER.secretAccessKey, '--role', 'user'],
  ]);
});
afterAll(() => server.stop());

/** A bucket on which a worker may do what the policy says, and the store as that worker sees it. */
async function storeWith(
  actions: string[],
  bucket = `bucket-${randomBytes(6).toString('hex')}`,
): Promise<Store> {
  const policy = Policy.parse(JSON.parse(POLICY.replaceAll('BUCKET', bucket)));
  const Statement = policy.Statement.map((statement) => ({
    ...statement,
    Principal: { AWS: [WORKER.accessKeyId] },
    Action: statement.Action.filter((action) => actions.includes(action)),
  })).filter(({ Action }) => Action.length > 0);
  await root.send(new CreateBucketCommand({ Bucket: bucket }));
  await root.send(
    new PutBucketPolicyCommand({ Bucket: bucket, Policy: JSON.stringify({ ...policy, Statement }) }),
  );
  return createS3Store({ bucket, endpoint: server.endpoint, region: REGION, credentials: WORKER });
}

describe('with the policy', () => {
  const bucket = 'under-policy';
  let store: Store;
  beforeAll(async () => {
    store = await storeWith(ACTIONS, bucket);
    await store.probe();
  });
  storeSuite(() => ({
    store,
    damage: (key) => server.damage(bucket, key),
  }));
});

/** Something of everything that a worker asks of the store. */
async function useAll(store: Store): Promise<void> {
  await store.probe();
  const ref = await store.putIfAbsent('a/object', Buffer.from('bytes'));
  await store.get(ref);
  for await (const { key } of store.list('a/')) expect(key).toBe('a/object');
  await store.setAside('a/object');
}

// An upload is aborted only after it failed; the suite above has the right to.
test.each(ACTIONS.filter((action) => action !== 's3:AbortMultipartUpload'))(
  'without %s the store refuses at its first use',
  async (missing) => {
    await useAll(await storeWith(ACTIONS));
    const store = await storeWith(ACTIONS.filter((action) => action !== missing));
    await expect(useAll(store)).rejects.toMatchObject({ type: 'StoreRefused' });
  },
);
