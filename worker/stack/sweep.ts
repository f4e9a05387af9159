/** What the S3 server leaves behind when it is killed during uploads. Before it starts nobody is uploading, so all
 *  of it is rubbish. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

const RUBBISH = [
  /^[^/]+\/\.sgwtmp\/(?!multipart$)[^/]+$/, // an upload in one request
  /^[^/]+\/\.sgwtmp\/multipart\/[^/]+$/, // one in parts
  /(^|\/)\.[^/]+\.sgwtmp\.\d+$/, // a finished one on the way to its name
];

/** The number of unfinished uploads that were removed from the folder of buckets. */
export async function sweepUploads(objects: string): Promise<number> {
  const names = await readdir(objects, { recursive: true });
  const unfinished = names.filter((name) => RUBBISH.some((pattern) => pattern.test(name)));
  await Promise.all(unfinished.map((name) => rm(join(objects, name), { recursive: true, force: true })));
  return unfinished.length;
}
