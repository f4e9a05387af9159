/** A store in memory, for tests and for trying things out: the contract of the S3 store, without a server. */
import { sha256 } from '../identity/identity.ts';
import { verifyObject } from './digest.ts';
import * as keys from './keys.ts';
import type { Store } from './store.ts';

/** An object and the digest recorded when it was written. */
export interface MemoryObject {
  bytes: Buffer;
  sha256: string;
  contentType: string;
}

/** A store whose objects are the entries of `objects`. */
export function createMemoryStore(objects: Map<string, MemoryObject> = new Map()): Store {
  const write = (key: string, bytes: Uint8Array, contentType: string): MemoryObject => {
    const object = { bytes: Buffer.from(bytes), sha256: sha256(bytes), contentType };
    objects.set(key, object);
    return object;
  };

  return {
    async probe() {},

    async putIfAbsent(key, bytes, contentType = 'application/octet-stream') {
      const object = objects.get(key) ?? write(key, bytes, contentType);
      return { key, sha256: object.sha256, bytes: object.bytes.length };
    },

    async get(ref) {
      return verifyObject(ref.key, objects.get(ref.key)?.bytes, ref.sha256);
    },

    async head(key) {
      const object = objects.get(key);
      return object ? { key, sha256: object.sha256, bytes: object.bytes.length } : null;
    },

    async read(key) {
      const object = objects.get(key);
      return object
        ? { bytes: verifyObject(key, object.bytes, object.sha256), version: object.sha256 }
        : null;
    },

    async swap(key, bytes, version) {
      if ((objects.get(key)?.sha256 ?? null) !== version) return null;
      return write(key, bytes, 'application/json').sha256;
    },

    async *list(prefix) {
      const found = [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
      for (const key of found) {
        const object = objects.get(key);
        if (object) yield { key, bytes: object.bytes.length };
      }
    },

    async delete(gone) {
      for (const key of gone) objects.delete(key);
    },

    async setAside(key) {
      const object = objects.get(key);
      if (!object) return;
      objects.set(keys.damaged(key), object);
      objects.delete(key);
    },

    async presign(key) {
      const object = objects.get(key);
      return `data:${object?.contentType ?? 'text/plain'};base64,${object?.bytes.toString('base64') ?? ''}`;
    },
  };
}
