import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openFiles } from '../../../../activities/data/sources/open-files.ts';
import { ACCESS_KEY, REGION, SECRET_KEY, startVersitygw } from '../../store/s3-server.ts';

const { signal } = new AbortController();

let server: Awaited<ReturnType<typeof startVersitygw>>;
beforeAll(async () => {
  server = await startVersitygw();
  vi.stubEnv('AWS_ENDPOINT_URL_S3', server.endpoint);
  vi.stubEnv('AWS_REGION', REGION);
  vi.stubEnv('AWS_ACCESS_KEY_ID', ACCESS_KEY);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', SECRET_KEY);
  const client = new S3Client({ forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: 'images' }));
  for (const Key of ['imagenet/train-0.tar', 'imagenet/val-0.tar', 'imagenet-2/train-0.tar']) {
    await client.send(
      new PutObjectCommand({ Bucket: 'images', Key, Body: Buffer.from(`0123456789 of ${Key}`) }),
    );
  }
  client.destroy();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await server.stop();
});

test('the objects below a prefix are listed by what follows it, and those beside it are not', async () => {
  const files = openFiles('s3://images/imagenet');
  const listed = [];
  for await (const { path, bytes } of files.list(signal)) listed.push(`${path} ${bytes}`);
  files.close();
  expect(listed.sort()).toEqual(['train-0.tar 34', 'val-0.tar 32']);
});

test('a listing goes on where a page of 1,000 objects ends', async () => {
  const client = new S3Client({ forcePathStyle: true });
  const keys = Array.from({ length: 1001 }, (_, i) => `many/${i}.jpg`);
  await Promise.all(
    keys.map((Key) => client.send(new PutObjectCommand({ Bucket: 'images', Key, Body: Buffer.of(1) }))),
  );
  client.destroy();
  const files = openFiles('s3://images/many');
  const listed = new Set<string>();
  for await (const { path } of files.list(signal)) listed.add(path);
  files.close();
  expect(listed.size).toBe(1001);
});

test('a piece is read from the middle, and is empty behind the end', async () => {
  const files = openFiles('s3://images/imagenet/');
  expect((await files.read('train-0.tar', { offset: 3, bytes: 4 }, signal)).toString()).toBe('3456');
  expect(await files.read('train-0.tar', { offset: 100, bytes: 4 }, signal)).toEqual(Buffer.alloc(0));
  files.close();
});

test('an object and a bucket that are not there are refused at once, with the way out', async () => {
  const files = openFiles('s3://images/imagenet');
  await expect(files.read('train-1.tar', { offset: 0, bytes: 1 }, signal)).rejects.toMatchObject({
    type: 'DatasetUnavailable',
    message: expect.stringMatching(
      /^train-1\.tar of s3:\/\/images\/imagenet could not be read \(.+\): expected tar shards or class folders that the AWS_\* settings/,
    ),
  });
  files.close();
  const nowhere = openFiles('s3://nowhere/imagenet');
  await expect(nowhere.list(signal)[Symbol.asyncIterator]().next()).rejects.toMatchObject({
    type: 'DatasetUnavailable',
  });
  nowhere.close();
});
