/** Asking S3: which of its answers are expected, and what any other means to a user: one of our failures, in one sentence, never with a secret in it
 *  (server messages, which may quote requests, stay out). */
import { S3ServiceException } from '@aws-sdk/client-s3';
import { Failure } from '../failure/failure.ts';

/** Whose request it was. */
export interface S3Place {
  /** Scheme, host and port, or `AWS eu-west-1`. */
  server: string;
  bucket: string;
}

const CREDENTIALS_REFUSED = ['InvalidAccessKeyId', 'SignatureDoesNotMatch', 'ExpiredToken', 'InvalidToken'];
// 507 is versitygw's and MinIO's answer to ENOSPC, QuotaExceeded versitygw's to EDQUOT.
const FULL = ['InsufficientStorage', 'QuotaExceeded', 'XMinioStorageFull'];

/** The failure that an error means; an error that is not S3's doing (a programming mistake) is returned as it is. */
export function s3Failure(cause: unknown, { server, bucket }: S3Place): unknown {
  if (!(cause instanceof Error)) return cause;
  const fail = (type: Failure['type'], message: string) => new Failure(type, message, { cause });

  if (cause instanceof S3ServiceException) {
    const status = cause.$metadata.httpStatusCode ?? 0;
    const answer = /^(Unknown|UnknownError|NotFound)$/.test(cause.name)
      ? String(status)
      : `${status} ${cause.name}`;
    if (status === 507 || FULL.includes(cause.name)) {
      return fail(
        'DiskFull',
        `S3 at ${server} has no room left (${answer}): make room there; work goes on then.`,
      );
    }
    if (cause.name === 'NoSuchBucket') {
      return fail('StoreRefused', `S3 at ${server} has no bucket ${bucket}: create it, or name another one.`);
    }
    if (status === 429 || (status >= 500 && status !== 501)) {
      return fail('StoreUnreachable', `S3 at ${server} answers ${answer}: look at its log if this lasts.`);
    }
    if (status === 501) {
      return fail(
        'StoreRefused',
        `S3 at ${server} lacks something that is asked of it (${answer}): set AWS_REQUEST_CHECKSUM_CALCULATION=WHEN_REQUIRED and start again.`,
      );
    }
    if (CREDENTIALS_REFUSED.includes(cause.name)) {
      return fail(
        'StoreRefused',
        `S3 at ${server} refuses the access key (${answer}): check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
      );
    }
    if (status === 401 || status === 403) {
      return fail(
        'StoreRefused',
        `S3 at ${server} refuses access to bucket ${bucket} (${answer}): check the AWS_* credentials, and that they may read, write and list there.`,
      );
    }
    if (status === 301 || status === 307 || cause.name === 'AuthorizationHeaderMalformed') {
      return fail(
        'StoreRefused',
        `Bucket ${bucket} is not in this region (${answer}): set AWS_REGION to its own.`,
      );
    }
    return fail(
      'StoreRefused',
      `S3 at ${server} refuses a request for bucket ${bucket} (${answer}): check the endpoint and the names.`,
    );
  }

  if (cause.name === 'CredentialsProviderError') {
    return fail(
      'StoreRefused',
      'No S3 credentials were found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.',
    );
  }
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
  if (!/^E[A-Z_]+$/.test(code) && code !== 'TimeoutError') return cause;
  return fail(
    'StoreUnreachable',
    `S3 at ${server} does not answer (${code}): is it running, and is AWS_ENDPOINT_URL_S3 right?`,
  );
}

export const MISSING = ['NoSuchKey', 'NotFound'];
// The second is AWS's answer to the losers of a race that is not decided yet.
export const TAKEN = ['PreconditionFailed', 'ConditionalRequestConflict'];

/** Requests whose errors are failures of ours. */
export function askS3(place: S3Place) {
  const send = <T>(request: Promise<T>): Promise<T> =>
    request.catch((cause: unknown) => {
      throw s3Failure(cause, place);
    });
  /** Null when the answer is one of these. */
  const unless = <T>(request: Promise<T>, answers: readonly string[]): Promise<T | null> =>
    send(
      request.catch((cause: unknown) => {
        if (cause instanceof S3ServiceException && answers.includes(cause.name)) return null;
        throw cause;
      }),
    );
  return { send, unless };
}
