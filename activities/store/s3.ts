/** The store on S3: any server with conditional writes. An object is written once (`If-None-Match: *`) with its
 *  SHA-256 as metadata, a pointer moves by compare-and-swap (`If-Match`), and every read is verified by us. */
import { randomUUID } from 'node:crypto';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { ObjectRef } from '../contract.ts';
import { Failure } from '../failure/failure.ts';
import { sha256 } from '../identity/identity.ts';
import { verifyObject } from './digest.ts';
import * as keys from './keys.ts';
import { askS3, MISSING, type S3Place, s3Failure, TAKEN } from './s3-failure.ts';
import { probeS3 } from './s3-probe.ts';
import type { Store } from './store.ts';

export interface S3Options {
  bucket: string;
  /** Put before every key, as `team/rethinking/`; nothing by default. */
  prefix?: string;
  /** URL of a server; AWS itself when left out. */
  endpoint?: string | undefined;
  region: string;
  /** The SDK's standard chain (environment, profile, instance) when left out. */
  credentials?: { accessKeyId: string; secretAccessKey: string };
  /** WHEN_REQUIRED for servers that do not know the CRC32 which the SDK adds to every PUT. */
  checksums?: 'WHEN_SUPPORTED' | 'WHEN_REQUIRED';
}

const CONNECT_MS = 3_000; // a server that is there accepts at once
const SILENCE_MS = 60_000; // joining the parts of a large object takes a server seconds
// Back-off doubles from 0.05 s, each time a random part of it: some six seconds in all, in which a server that was
// killed is back.
const ATTEMPTS = 9;
const PART_BYTES = 16 * 2 ** 20; // S3 wants at least 5 MiB
// A server that refuses a larger body may close before all of it was sent, and then nobody can read its answer.
const REFUSED_POLITELY_BYTES = 256 * 2 ** 10;

/** A client for these options, and how its failures name the server. */
export function connectS3(options: S3Options): { client: S3Client; place: S3Place } {
  const { bucket, endpoint, region, credentials, checksums = 'WHEN_SUPPORTED' } = options;
  const client = new S3Client({
    region,
    ...(endpoint && { endpoint, forcePathStyle: true }), // only AWS gives each bucket a host of its own
    ...(credentials && { credentials }),
    requestChecksumCalculation: checksums,
    responseChecksumValidation: 'WHEN_REQUIRED', // our SHA-256 says more
    maxAttempts: ATTEMPTS,
    requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: SILENCE_MS },
  });
  return { client, place: { server: endpoint ? new URL(endpoint).origin : `AWS ${region}`, bucket } };
}

export function createS3Store(options: S3Options): Store {
  const { bucket: Bucket, prefix = '' } = options;
  const { client, place } = connectS3(options);
  const at = (key: string) => ({ Bucket, Key: prefix + key });

  const { send, unless } = askS3(place);

  function recordedDigest(key: string, metadata: Record<string, string> | undefined): string {
    const digest = metadata?.sha256;
    if (digest) return digest;
    throw new Failure(
      'ObjectDamaged',
      `${key} has no recorded digest, so something else wrote it: move it out of bucket ${Bucket}.`,
    );
  }

  async function head(key: string): Promise<ObjectRef | null> {
    const found = await unless(client.send(new HeadObjectCommand(at(key))), MISSING);
    if (!found) return null;
    return { key, sha256: recordedDigest(key, found.Metadata), bytes: found.ContentLength ?? 0 };
  }

  async function download(key: string) {
    for (let attempt = 1; ; attempt++) {
      const found = await unless(client.send(new GetObjectCommand(at(key))), MISSING);
      if (!found) return null;
      try {
        const body = (await found.Body?.transformToByteArray()) ?? new Uint8Array();
        const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
        return { bytes, metadata: found.Metadata, version: found.ETag ?? '' };
      } catch (cause) {
        // The connection broke in the middle of the body, which the SDK does not try again.
        if (attempt === ATTEMPTS) throw s3Failure(cause, place);
      }
    }
  }

  /** One request for a small object, parts for a large one; either way it appears whole or not at all. */
  const upload = (input: PutObjectCommandInput, bytes: number) =>
    bytes <= PART_BYTES
      ? client.send(new PutObjectCommand(input))
      : new Upload({ client, params: input, partSize: PART_BYTES, leavePartsOnError: false }).done();

  const remove = (key: string) => send(client.send(new DeleteObjectCommand(at(key))));

  return {
    probe: () => probeS3(client, prefix, place),

    async putIfAbsent(key, bytes, contentType = 'application/octet-stream') {
      const ref = { key, sha256: sha256(bytes), bytes: bytes.length };
      const input = {
        ...at(key),
        Body: bytes,
        ContentType: contentType,
        Metadata: { sha256: ref.sha256 },
        IfNoneMatch: '*',
      };
      if (bytes.length > REFUSED_POLITELY_BYTES) {
        const there = await head(key);
        if (there) return there;
      }
      for (;;) {
        if (await unless(upload(input, bytes.length), TAKEN)) return ref;
        const winner = await head(key);
        if (winner) return winner; // else it was removed in between: again
      }
    },

    async get(ref) {
      const found = await download(ref.key);
      return verifyObject(ref.key, found?.bytes, ref.sha256);
    },

    head,

    async read(key) {
      const found = await download(key);
      if (!found) return null;
      verifyObject(key, found.bytes, recordedDigest(key, found.metadata));
      return { bytes: found.bytes, version: found.version };
    },

    async swap(key, bytes, version) {
      const writer = randomUUID();
      const written = await unless(
        client.send(
          new PutObjectCommand({
            ...at(key),
            Body: bytes,
            ContentType: 'application/json',
            Metadata: { sha256: sha256(bytes), writer },
            ...(version === null ? { IfNoneMatch: '*' } : { IfMatch: version }),
          }),
        ),
        [...TAKEN, ...MISSING],
      );
      if (written) return written.ETag ?? '';
      // The answer to a first attempt may have been lost, and the second one is told that it comes too late.
      const there = await unless(client.send(new HeadObjectCommand(at(key))), MISSING);
      return there?.Metadata?.writer === writer ? (there.ETag ?? '') : null;
    },

    async *list(under) {
      const pages = paginateListObjectsV2({ client }, { Bucket, Prefix: prefix + under })[
        Symbol.asyncIterator
      ]();
      for (;;) {
        const { value: page, done } = await send(pages.next());
        if (done || !page) return;
        for (const { Key = '', Size = 0 } of page.Contents ?? []) {
          yield { key: Key.slice(prefix.length), bytes: Size };
        }
      }
    },

    async delete(gone) {
      await Promise.all(gone.map(remove));
    },

    async setAside(key) {
      const CopySource = `${Bucket}/${prefix}${key}`.split('/').map(encodeURIComponent).join('/');
      const copied = await unless(
        client.send(new CopyObjectCommand({ ...at(keys.damaged(key)), CopySource })),
        MISSING,
      );
      if (copied) await remove(key);
    },

    presign: (key, seconds) =>
      send(getSignedUrl(client, new GetObjectCommand(at(key)), { expiresIn: seconds })),
  };
}
