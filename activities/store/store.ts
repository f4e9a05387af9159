import type { ObjectRef } from '../contract.ts';

/** What a store can do. Objects are immutable and verified by SHA-256 on read; the few mutable pointers are
 *  changed by compare-and-swap alone. Errors are `Failure`s: StoreUnreachable (a retry may help), StoreRefused
 *  (credentials, bucket or conditional writes: it will not), ObjectDamaged (bytes differ from their digest),
 *  DiskFull. */
export interface Store {
  /** Checks, before any work is handed out, that the credentials work and that conditional writes really hold;
   *  makes the bucket when there is none. Fails with StoreRefused or StoreUnreachable. */
  probe(): Promise<void>;
  /** Writes bytes once. When the key is taken, the object that is there stays and its reference is returned:
   *  of two workers that race, one writes and the other adopts. */
  putIfAbsent(key: string, bytes: Uint8Array, contentType?: string): Promise<ObjectRef>;
  /** The bytes of an object; fails with ObjectDamaged when they are gone or not those of the reference. */
  get(ref: ObjectRef): Promise<Buffer>;
  /** The reference of an immutable object, from its recorded digest, or null. */
  head(key: string): Promise<ObjectRef | null>;
  /** A mutable pointer and its version, or null. Its digest is recorded beside it and verified. A version names
   *  content: a pointer that went from A to B and back to A has its first version again. */
  read(key: string): Promise<{ bytes: Buffer; version: string } | null>;
  /** Replaces a pointer if it still has `version` (null: if it does not exist). The new version, or null when
   *  someone else was first. */
  swap(key: string, bytes: Uint8Array, version: string | null): Promise<string | null>;
  /** Keys and sizes under a prefix, in order. */
  list(prefix: string): AsyncIterable<{ key: string; bytes: number }>;
  /** Removes objects; those that are gone already do not matter. */
  delete(keys: string[]): Promise<void>;
  /** Moves an object out of the way, to `damaged/<key>`, so that it can be computed again. One that is gone already
   *  does not matter. */
  setAside(key: string): Promise<void>;
  /** A link that opens in a browser for `seconds`. */
  presign(key: string, seconds: number): Promise<string>;
}
