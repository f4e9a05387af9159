/** What the S3 server leaves behind when it is killed during uploads. Before it starts nobody is uploading, so all
 *  of it is rubbish; later what has not changed for long. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const RUBBISH = [
  /^[^/]+\/\.sgwtmp\/(?!multipart$)[^/]+$/, // an upload in one request
  /^[^/]+\/\.sgwtmp\/multipart\/[^/]+$/, // one in parts
  /(^|\/)\.[^/]+\.sgwtmp\.\d+$/, // a finished one on the way to its name
];

/** The number of unfinished uploads that were removed from the folder of buckets. */
export async function sweepUploads(objects: string): Promise<number> {
  const unfinished = await leftovers(objects);
  await Promise.all(unfinished.map((path) => rm(path, { recursive: true, force: true })));
  return unfinished.length;
}

/** Files of unfinished uploads that last changed before a time. Those in parts are the server's to abort. */
export async function staleUploads(
  objects: string,
  before: Date,
): Promise<{ path: string; bytes: number }[]> {
  const found = await Promise.all(
    (await leftovers(objects)).map(async (path) => ({ path, found: await stat(path).catch(() => null) })),
  );
  return found.flatMap(({ path, found }) =>
    found?.isFile() && found.mtime <= before ? [{ path, bytes: found.size }] : [],
  );
}

async function leftovers(objects: string): Promise<string[]> {
  const names = await readdir(objects, { recursive: true });
  return names
    .filter((name) => RUBBISH.some((pattern) => pattern.test(name)))
    .map((name) => join(objects, name));
}
