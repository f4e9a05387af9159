/** Names made from content: the same value has the same id, whoever writes its fields in whatever order. */
import { createHash } from 'node:crypto';

/** JSON with sorted keys and without `undefined` fields: one text for one value. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, field: unknown) =>
    typeof field === 'object' && field !== null && !Array.isArray(field)
      ? Object.fromEntries(Object.entries(field).sort(([one], [other]) => (one < other ? -1 : 1)))
      : field,
  );
}

/** SHA-256 in hexadecimal digits; text is hashed as UTF-8. */
export function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The first 20 hexadecimal digits (80 bits) of a value's SHA-256: short enough for a path, and no two of a
 *  billion values share one in practice. */
export function contentId(value: unknown): string {
  return sha256(canonicalJson(value)).slice(0, 20);
}
