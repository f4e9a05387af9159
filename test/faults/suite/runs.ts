/** What lies in the bucket's folder, read under the S3 server's feet, whatever state that server is in. */
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { z } from 'zod';

const Pointer = z.object({
  token: z.string(),
  links: z.array(z.object({ key: z.string(), step: z.int() })),
});

export interface SeenRun {
  id: string;
  /** The attempt that may write. */
  token: string;
  /** Newest first. */
  links: { key: string; step: number }[];
  finished: boolean;
}

const TEMPORARY = /\.sgwtmp/;
const POINTER = /^trajectories\/[^/]+\/runs\/([^/]+)\/checkpoint\.json$/;

/** Keys of whole objects; nothing before the bucket is there. */
export async function keysIn(objects: string): Promise<string[]> {
  const names = await readdir(objects, { recursive: true, withFileTypes: true }).catch(() => []);
  return names
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) =>
      join(parentPath, name)
        .slice(objects.length + 1)
        .split(sep)
        .join('/'),
    )
    .filter((key) => !TEMPORARY.test(key));
}

export async function runsIn(objects: string, keys: readonly string[]): Promise<SeenRun[]> {
  const runs = keys.flatMap((key) => {
    const [, id] = POINTER.exec(key) ?? [];
    return id ? [{ key, id }] : [];
  });
  const seen = await Promise.all(
    runs.map(async ({ key, id }) => {
      const text = await readFile(join(objects, key), 'utf8').catch(() => null);
      const pointer = text === null ? null : parsed(text);
      const finished = keys.includes(key.replace(/checkpoint\.json$/, 'outcome.json'));
      return pointer && { id, ...pointer, finished };
    }),
  );
  return seen.filter((run) => run !== null);
}

/** Null for one that was damaged. */
function parsed(text: string): z.infer<typeof Pointer> | null {
  try {
    return Pointer.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** When something was written last: milliseconds since 1970, 0 for never. */
export async function lastWrite(objects: string, keys: readonly string[]): Promise<number> {
  const times = await Promise.all(
    keys.map((key) =>
      stat(join(objects, key)).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    ),
  );
  return Math.max(0, ...times);
}

/** Flips one bit in place; the server's attributes stay. where: in [0, 1). */
export async function flipBit(objects: string, key: string, where: number): Promise<void> {
  const path = join(objects, key);
  const bytes = await readFile(path);
  bytes[Math.floor(where * bytes.length)]! ^= 1;
  await writeFile(path, bytes, { flag: 'r+' });
}
