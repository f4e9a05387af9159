import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, test, vi } from 'vitest';
import { OFFICIAL } from '../../../../activities/data/mnist.ts';
import { locateMnist, readMnistFiles } from '../../../../activities/data/sources/mnist-source.ts';
import { createMemoryStore } from '../../../../activities/store/memory.ts';
import { ACCESS_KEY, REGION, SECRET_KEY, startVersitygw } from '../../store/s3-server.ts';
import { mnistFiles } from '../digits.ts';

const signal = new AbortController().signal;
const deps = { store: createMemoryStore(), official: OFFICIAL, cacheFolder: join(tmpdir(), 'no-mnist') };

test('files under an s3:// prefix are read; those that are missing are missing', async () => {
  const server = await startVersitygw();
  vi.stubEnv('AWS_ENDPOINT_URL_S3', server.endpoint);
  vi.stubEnv('AWS_REGION', REGION);
  vi.stubEnv('AWS_ACCESS_KEY_ID', ACCESS_KEY);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', SECRET_KEY);
  try {
    const client = new S3Client({ forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket: 'images' }));
    for (const [file, Body] of Object.entries(mnistFiles({ test: 10 }))) {
      await client.send(new PutObjectCommand({ Bucket: 'images', Key: `mnist/${file}`, Body }));
    }
    client.destroy();
    const source = await locateMnist('s3://images/mnist/', deps);
    const found = await readMnistFiles(source, () => {}, signal);
    expect([...found.keys()]).toEqual(['t10k-images-idx3-ubyte.gz', 't10k-labels-idx1-ubyte.gz']);
    const elsewhere = await locateMnist('s3://no-such-bucket/mnist', deps);
    expect((await readMnistFiles(elsewhere, () => {}, signal)).size).toBe(0);
  } finally {
    vi.unstubAllEnvs();
    await server.stop();
  }
});

test('a server that does not answer is named', async () => {
  const source = await locateMnist('http://127.0.0.1:1/mnist', deps);
  await expect(readMnistFiles(source, () => {}, signal)).rejects.toThrow(
    'http://127.0.0.1:1/mnist/train-images-idx3-ubyte.gz',
  );
});
