/** The objects under a prefix of a bucket, `s3://bucket/prefix`. Endpoint, region and credentials are the SDK's
 *  standard ones. */
import { GetObjectCommand, ListObjectsV2Command, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { Failure } from '../../failure/failure.ts';
import type { SourceFiles } from './files.ts';
import { tryAgain } from './try-again.ts';

const SOCKETS = 128; // single images are small: many are on their way at once
const SILENCE_MS = 60_000;
const RANGE_NOT_SATISFIABLE = 416;

export function s3Files(source: string): SourceFiles {
  const { hostname: Bucket, pathname } = new URL(source);
  const folder = decodeURIComponent(pathname).replace(/^\/+|\/+$/g, '');
  const prefix = folder && `${folder}/`;
  // Every server takes the bucket in the path.
  const client = new S3Client({
    forcePathStyle: true,
    followRegionRedirects: true,
    requestHandler: {
      socketTimeout: SILENCE_MS,
      httpAgent: { maxSockets: SOCKETS },
      httpsAgent: { maxSockets: SOCKETS },
    },
  });
  const ask = <T>(what: string, signal: AbortSignal, request: () => Promise<T>) =>
    tryAgain(what, signal, async () => {
      try {
        return await request();
      } catch (error) {
        throw isFinal(error) ? refused(what, error) : error;
      }
    });

  return {
    name: source,
    async *list(signal) {
      let ContinuationToken: string | undefined;
      do {
        const page = await ask(source, signal, () =>
          client.send(new ListObjectsV2Command({ Bucket, Prefix: prefix, ContinuationToken }), {
            abortSignal: signal,
          }),
        );
        for (const { Key = '', Size = 0, ETag = '' } of page.Contents ?? []) {
          yield { path: Key.slice(prefix.length), bytes: Size, version: ETag };
        }
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken);
    },
    read(path, { offset, bytes }, signal) {
      return ask(`${path} of ${source}`, signal, async () => {
        const Range = `bytes=${offset}-${offset + bytes - 1}`;
        try {
          const object = new GetObjectCommand({ Bucket, Key: prefix + path, Range });
          const { Body } = await client.send(object, { abortSignal: signal });
          return Buffer.from(await Body!.transformToByteArray());
        } catch (error) {
          if (statusOf(error) === RANGE_NOT_SATISFIABLE) return Buffer.alloc(0);
          throw error;
        }
      });
    },
    close: () => client.destroy(),
  };
}

const statusOf = (error: unknown) =>
  error instanceof S3ServiceException ? (error.$metadata.httpStatusCode ?? null) : null;

/** Missing, or not for us; a server that is busy or down is neither. */
function isFinal(error: unknown): boolean {
  const status = statusOf(error);
  return status !== null && status >= 400 && status < 500 && status !== 408 && status !== 429;
}

const refused = (what: string, error: unknown) =>
  new Failure(
    'DatasetUnavailable',
    `${what} could not be read (${error instanceof Error ? error.message : error}): expected tar shards or class ` +
      'folders that the AWS_* settings of the worker can reach.',
    { cause: error },
  );
