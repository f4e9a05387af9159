/** What is too large for a history goes into the store, and a reference crosses Temporal instead: a figure of a thousand
 *  runs names them all to whoever draws it, and a server refuses 2 MB in one payload and 4 MB in one message. */
import {
  type DataConverter,
  ExternalStorage,
  type Payload,
  type StorageDriver,
  StorageDriverClaim,
} from '@temporalio/common';
import { z } from 'zod';
import { ObjectRef } from '../activities/contract.ts';
import { sha256 } from '../activities/identity/identity.ts';
import * as keys from '../activities/store/keys.ts';
import type { Store } from '../activities/store/store.ts';

// A message takes several payloads (three panels are drawn at once): far below the server's limits, and above anything
// that an ordinary figure has, whose history stays readable with Temporal's own tools.
const THRESHOLD_BYTES = 256 * 1024;

/** Of workers and clients alike. */
export const largePayloadsIn = (store: Store, now = () => new Date()): DataConverter => ({
  externalStorage: new ExternalStorage({
    drivers: [storeDriver(store, now)],
    payloadSizeThreshold: THRESHOLD_BYTES,
  }),
});

const storeDriver = (store: Store, now: () => Date): StorageDriver => ({
  name: 'rethinking-store',
  type: 'rethinking.store',
  store: (_, payloads) =>
    Promise.all(
      payloads.map(async (payload) => {
        const bytes = encode(payload);
        const key = keys.payload(now(), sha256(bytes));
        const ref = await store.putIfAbsent(key, bytes, 'application/json');
        return new StorageDriverClaim({ ...ref, bytes: String(ref.bytes) });
      }),
    ),
  retrieve: (_, claims) =>
    Promise.all(
      claims.map(async ({ claimData }) => {
        const ref = ObjectRef.parse({ ...claimData, bytes: Number(claimData.bytes) });
        return decode(await store.get(ref));
      }),
    ),
});

const Encoded = z.object({ metadata: z.record(z.string(), z.base64()), data: z.base64() });

const encode = ({ metadata, data }: Payload): Buffer =>
  Buffer.from(
    JSON.stringify({
      metadata: Object.fromEntries(
        Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')]),
      ),
      data: Buffer.from(data ?? []).toString('base64'),
    }),
  );

function decode(bytes: Buffer): Payload {
  const { metadata, data } = Encoded.parse(JSON.parse(bytes.toString()));
  return {
    metadata: Object.fromEntries(
      Object.entries(metadata).map(([name, value]) => [name, Buffer.from(value, 'base64')]),
    ),
    data: Buffer.from(data, 'base64'),
  };
}
