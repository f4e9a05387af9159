import { randomUUID } from 'node:crypto';
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Failure } from '../../../activities/failure/failure.ts';
import { createS3Store } from '../../../activities/store/s3.ts';
import type { Store } from '../../../activities/store/store.ts';
import { storeSuite } from '../../store.suite.ts';
import {
  ACCESS_KEY,
  freePort,
  REGION,
  SECRET_KEY,
  startCut,
  startFake,
  startVersitygw,
} from './s3-server.ts';

const credentials = { accessKeyId: ACCESS_KEY, secretAccessKey: SECRET_KEY };
const bucket = 'suite';

let server: Awaited<ReturnType<typeof startVersitygw>>;
let store: Store;
let client: S3Client;
beforeAll(async () => {
  server = await startVersitygw();
  store = createS3Store({ bucket, endpoint: server.endpoint, region: REGION, credentials });
  client = new S3Client({ endpoint: server.endpoint, region: REGION, credentials, forcePathStyle: true });
  await store.probe();
});
afterAll(() => server.stop());

const failureOf = async (promise: Promise<unknown>): Promise<Failure> => {
  const error = await promise.then(
    () => new Error('nothing failed'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof Failure) return error;
  throw error;
};

describe('on a real S3 server', () => {
  storeSuite(() => ({
    store,
    damage: (key) => server.damage(bucket, key),
  }));
});

describe('on a real S3 server, with a prefix and without default checksums', () => {
  storeSuite(() => ({
    store: createS3Store({
      bucket,
      prefix: 'team/',
      endpoint: server.endpoint,
      region: REGION,
      credentials,
      checksums: 'WHEN_REQUIRED',
    }),
    async damage(key) {
      const file = join(server.objects, bucket, 'team', key);
      const bytes = await readFile(file);
      bytes[0] ^= 1;
      await writeFile(file, bytes);
    },
  }));
});

test('a truncated object is damaged', async () => {
  const ref = await store.putIfAbsent('truncated/weights', Buffer.from('weights'));
  await writeFile(join(server.objects, bucket, ref.key), 'weig');

  const failure = await failureOf(store.get(ref));

  expect(failure.type).toBe('ObjectDamaged');
  expect(failure.message).toContain('truncated/weights is damaged: its 4 bytes');
});

test('an object that something else wrote is refused, because its digest is unknown', async () => {
  await client.send(new PutObjectCommand({ Bucket: bucket, Key: 'foreign/file', Body: 'by hand' }));

  const failure = await failureOf(store.putIfAbsent('foreign/file', Buffer.from('ours')));

  expect(failure.type).toBe('ObjectDamaged');
  expect(failure.message).toBe(
    'foreign/file has no recorded digest, so something else wrote it: move it out of bucket suite.',
  );
});

test('parts of a large upload that was never completed are invisible, and swept when a day old', async () => {
  const at = { Bucket: bucket, Key: 'broken/large' };
  const { UploadId = '' } = await client.send(new CreateMultipartUploadCommand(at));
  await client.send(
    new UploadPartCommand({ ...at, UploadId, PartNumber: 1, Body: Buffer.alloc(5 * 2 ** 20) }),
  );
  const uploads = async () =>
    (await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }))).Uploads ?? [];

  expect(await store.head('broken/large')).toBeNull();
  expect((await store.list('broken/large')[Symbol.asyncIterator]().next()).done).toBe(true);
  await store.probe();
  expect(await uploads()).toHaveLength(1); // another worker may be at it
  const dayAgo = new Date(Date.now() - 25 * 3_600_000);
  const parts = (await readdir(server.objects, { recursive: true })).find((path) => path.endsWith(UploadId));
  await utimes(join(server.objects, parts ?? ''), dayAgo, dayAgo);
  await store.probe();
  expect(await uploads()).toEqual([]);
});

test('the probe makes the bucket, also when two workers start at once', async () => {
  const options = { bucket: `made-${randomUUID()}`, endpoint: server.endpoint, region: REGION, credentials };

  await Promise.all([createS3Store(options).probe(), createS3Store(options).probe()]);

  expect(await createS3Store(options).head('nothing')).toBeNull();
});

test('a wrong secret is refused in one sentence without the secret', async () => {
  const secretAccessKey = 'a-secret-that-is-wrong';
  const wrong = createS3Store({
    bucket,
    endpoint: server.endpoint,
    region: REGION,
    credentials: { accessKeyId: ACCESS_KEY, secretAccessKey },
  });

  const failure = await failureOf(wrong.probe());

  expect(failure.type).toBe('StoreRefused');
  expect(failure.message).toBe(
    `S3 at ${server.endpoint} refuses the access key (403 SignatureDoesNotMatch): check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
  );
  expect(everythingIn(failure)).not.toContain(secretAccessKey);
  expect((await failureOf(wrong.head('anything'))).type).toBe('StoreRefused');
});

test('an unknown access key is refused in one sentence', async () => {
  const unknown = createS3Store({
    bucket,
    endpoint: server.endpoint,
    region: REGION,
    credentials: { accessKeyId: 'nobody', secretAccessKey: 'nothing' },
  });

  const failure = await failureOf(unknown.putIfAbsent('key', Buffer.from('bytes')));

  expect(failure.type).toBe('StoreRefused');
  expect(failure.message).toContain('refuses the access key (403 InvalidAccessKeyId)');
});

test('a bucket that is missing when objects are written is named', async () => {
  const elsewhere = createS3Store({
    bucket: 'no-such-bucket',
    endpoint: server.endpoint,
    region: REGION,
    credentials,
  });

  const failure = await failureOf(elsewhere.putIfAbsent('key', Buffer.from('bytes')));

  expect(failure.type).toBe('StoreRefused');
  expect(failure.message).toBe(
    `S3 at ${server.endpoint} has no bucket no-such-bucket: create it, or name another one.`,
  );
});

test('a key that the server cannot hold is refused', async () => {
  const failure = await failureOf(store.putIfAbsent('k'.repeat(2000), Buffer.from('bytes')));

  expect(failure.type).toBe('StoreRefused');
  expect(failure.message).toContain('400 KeyTooLongError');
});

// The next four wait, side by side.

test.concurrent.each(['WHEN_SUPPORTED', 'WHEN_REQUIRED'] as const)(
  'an upload that breaks off half-way leaves nothing visible, with checksums %s',
  async (checksums) => {
    const cut = await startCut(server.endpoint, 1_000_000);
    const key = `broken/${checksums}`;
    const over = createS3Store({ bucket, endpoint: cut.endpoint, region: REGION, credentials, checksums });

    const failure = await failureOf(over.putIfAbsent(key, Buffer.alloc(2_000_000)));
    cut.stop();

    expect(failure.type).toBe('StoreUnreachable');
    expect(await store.head(key)).toBeNull();
    expect((await store.list(key)[Symbol.asyncIterator]().next()).done).toBe(true);
  },
);

test.concurrent('a server that is not there is unreachable', async () => {
  const endpoint = `http://127.0.0.1:${await freePort()}`;

  const failure = await failureOf(createS3Store({ bucket, endpoint, region: REGION, credentials }).probe());

  expect(failure.type).toBe('StoreUnreachable');
  expect(failure.message).toBe(
    `S3 at ${endpoint} does not answer (ECONNREFUSED): is it running, and is AWS_ENDPOINT_URL_S3 right?`,
  );
});

test.concurrent('a presigned link expires', async () => {
  const ref = await store.putIfAbsent('expiry/page', Buffer.from('page'));
  const link = await store.presign(ref.key, 1);

  await sleep(2_100); // a server counts whole seconds

  expect((await fetch(link)).status).toBe(403);
});

describe('on a server that answers', () => {
  const answering = async <T>(
    listener: Parameters<typeof startFake>[0],
    use: (store: Store, endpoint: string) => Promise<T>,
  ) => {
    const fake = await startFake(listener);
    const there = createS3Store({ bucket, endpoint: fake.endpoint, region: REGION, credentials });
    try {
      return await use(there, fake.endpoint);
    } finally {
      fake.stop();
    }
  };

  test('507, as versitygw does when its disk is full, the failure is DiskFull', async () => {
    const failure = await answering(
      (request, response) => {
        request.resume();
        response.writeHead(507, { 'content-type': 'application/xml' });
        response.end(
          '<?xml version="1.0" encoding="UTF-8"?><Error><Code>InsufficientStorage</Code><Message>No space left on device.</Message><Resource></Resource><RequestId></RequestId><HostId></HostId></Error>',
        );
      },
      (there) => failureOf(there.putIfAbsent('checkpoint', Buffer.from('bytes'))),
    );

    expect(failure.type).toBe('DiskFull');
    expect(failure.message).toMatch(/ has no room left \(507 InsufficientStorage\): make room there;/);
  });

  test('a reset to a large object that is there already, as versitygw does, the object is found', async () => {
    const found = await answering(
      (request, response) => {
        if (request.method === 'PUT') request.socket.resetAndDestroy();
        else response.writeHead(200, { 'content-length': '300000', 'x-amz-meta-sha256': 'ab' }).end();
      },
      (there) => there.putIfAbsent('weights', Buffer.alloc(300_000)),
    );

    expect(found).toEqual({ key: 'weights', sha256: 'ab', bytes: 300_000 });
  });

  test('200 to every conditional write, the probe refuses it', async () => {
    const failure = await answering(
      (request, response) => {
        request.resume();
        response.end();
      },
      (there) => failureOf(there.probe()),
    );

    expect(failure.type).toBe('StoreRefused');
    expect(failure.message).toContain('ignores conditional writes (If-None-Match)');
  });

  test('half a body and then nothing, again and again, it is unreachable', async () => {
    let requests = 0;
    const failure = await answering(
      (_request, response) => {
        requests++;
        response.writeHead(200, { 'content-length': '100' });
        response.write('half of it', () => response.destroy());
      },
      (there) => failureOf(there.get({ key: 'weights', sha256: '0'.repeat(64), bytes: 100 })),
    );

    expect(failure.type).toBe('StoreUnreachable');
    expect(requests).toBeGreaterThan(1);
  });

  test('501 to a PUT, the sentence names the setting that may help', async () => {
    const failure = await answering(
      (request, response) => {
        request.resume();
        response.writeHead(501, { 'content-type': 'application/xml' });
        response.end('<Error><Code>NotImplemented</Code></Error>');
      },
      (there) => failureOf(there.putIfAbsent('object', Buffer.from('bytes'))),
    );

    expect(failure.type).toBe('StoreRefused');
    expect(failure.message).toContain('set AWS_REQUEST_CHECKSUM_CALCULATION=WHEN_REQUIRED');
  });

  test('301, the sentence names the region', async () => {
    const failure = await answering(
      (request, response) => {
        request.resume();
        response.writeHead(301, { 'content-type': 'application/xml' });
        response.end('<Error><Code>PermanentRedirect</Code></Error>');
      },
      (there) => failureOf(there.putIfAbsent('object', Buffer.from('bytes'))),
    );

    expect(failure.type).toBe('StoreRefused');
    expect(failure.message).toContain('set AWS_REGION to its own');
  });
});

/** All text that a log could show of an error. */
const everythingIn = (error: unknown): string =>
  error instanceof Error
    ? `${error.message} ${error.stack} ${JSON.stringify(error)} ${everythingIn(error.cause)}`
    : JSON.stringify(error ?? '');
