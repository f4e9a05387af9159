/** What makes an object whole: its bytes have the SHA-256 that was recorded when it was written. */
import { Failure } from '../failure/failure.ts';
import { sha256 } from '../identity/identity.ts';

/** A copy-free check: returns the bytes, or fails with ObjectDamaged, naming the key, when they are missing or are
 *  not those with the digest. */
export function verifyObject(key: string, bytes: Buffer | undefined, expected: string): Buffer {
  if (!bytes) {
    throw new Failure(
      'ObjectDamaged',
      `${key} is missing from the store, though something refers to it: start again, and it is computed anew.`,
    );
  }
  const actual = sha256(bytes);
  if (actual === expected) return bytes;
  throw new Failure(
    'ObjectDamaged',
    `${key} is damaged: its ${bytes.length} bytes have SHA-256 ${actual.slice(0, 12)}…, expected ${expected.slice(0, 12)}…; start again, and it is computed anew.`,
  );
}
