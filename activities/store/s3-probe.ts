/** What is asked of an S3 server before any work is handed out: that its credentials, its bucket and its conditional
 *  writes work. A table of servers would age; two PUTs do not. */
import { randomUUID } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Failure } from '../failure/failure.ts';
import * as keys from './keys.ts';
import { askS3, type S3Place, TAKEN } from './s3-failure.ts';

const STALE_UPLOAD_MS = 24 * 3600 * 1000; // no upload of ours lasts a day
const NO_VERSION = '"00000000000000000000000000000000"';

/** Makes the bucket when there is none. Fails with StoreRefused or StoreUnreachable. */
export async function probeS3(client: S3Client, prefix: string, place: S3Place): Promise<void> {
  const { send, unless } = askS3(place);
  const Bucket = place.bucket;
  const at = { Bucket, Key: prefix + keys.probe(randomUUID()) };
  const put = (condition: { IfNoneMatch: string } | { IfMatch: string }) =>
    client.send(new PutObjectCommand({ ...at, Body: Buffer.from('probe'), ...condition }));

  if (!(await unless(put({ IfNoneMatch: '*' }), ['NoSuchBucket']))) {
    await unless(client.send(new CreateBucketCommand({ Bucket })), ['BucketAlreadyOwnedByYou']);
    await send(put({ IfNoneMatch: '*' }));
  }
  const overwritten = await unless(put({ IfNoneMatch: '*' }), TAKEN);
  const swapped = await unless(put({ IfMatch: NO_VERSION }), TAKEN);
  const { LastModified } = await send(client.send(new HeadObjectCommand(at))); // the server's clock
  await send(client.send(new DeleteObjectCommand(at)));
  if (overwritten || swapped) {
    throw new Failure(
      'StoreRefused',
      `S3 at ${place.server} ignores conditional writes (${overwritten ? 'If-None-Match' : 'If-Match'}), so that two workers could overwrite each other: use a server that has them, such as AWS or versitygw.`,
    );
  }

  // Parts of uploads whose process was killed would cost room for ever.
  const { Uploads = [] } = await send(
    client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: prefix })),
  );
  for (const { Key, UploadId, Initiated } of Uploads) {
    if (!LastModified || !Initiated || LastModified.getTime() - Initiated.getTime() < STALE_UPLOAD_MS)
      continue;
    await send(client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })));
  }
}
