/** What must hold after every round: each check returns sentences, none when all is well. */
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3';
import { sha256 } from '../../../activities/identity/identity.ts';
import type { Store } from '../../../activities/store/store.ts';
import { layout } from '../../../worker/stack/record.ts';
import type { Stack } from '../../../worker/stack/stack.ts';

/** SHA-256 by key. */
export type Digests = Record<string, string>;

// When and where something was made, what names the digest of that, and what an attempt leaves for the next: these may
// differ.
const MAY_DIFFER = [
  /\/ro-crate-metadata\.json$/,
  /^datasets\/.*\.json$/,
  /^trajectories\/[^/]+\/checkpoints\//,
  /\/checkpoint\.json$/,
  /\/trained-by\.json$/,
  /^damaged\//,
  /^probe\//,
];

/** Of everything that has to be byte for byte the same, each verified as it is read. `outcome.json` without the
 *  checkpoint that it names, whose key says which attempt wrote it. */
export async function digestsOf(
  store: Store,
  tolerated: ReadonlySet<string>,
): Promise<{ digests: Digests; violations: string[] }> {
  const digests: Digests = {};
  const violations: string[] = [];
  for await (const { key } of store.list('')) {
    if (key.startsWith('damaged/')) continue;
    try {
      const found = await store.read(key);
      if (!found || MAY_DIFFER.some((pattern) => pattern.test(key))) continue;
      digests[key] = key.endsWith('/outcome.json')
        ? sha256(Buffer.from(JSON.stringify({ ...JSON.parse(found.bytes.toString()), checkpoint: null })))
        : sha256(found.bytes);
    } catch (error) {
      if (!tolerated.has(key))
        violations.push(`not whole: ${error instanceof Error ? error.message : error}`);
    }
  }
  return { digests, violations };
}

/** tolerated: keys that were damaged on purpose and that nothing has read since. */
export function compareDigests(
  undisturbed: Digests,
  found: Digests,
  tolerated: ReadonlySet<string>,
): string[] {
  const keys = [...new Set([...Object.keys(undisturbed), ...Object.keys(found)])].sort();
  return keys
    .filter((key) => undisturbed[key] !== found[key] && !tolerated.has(key))
    .map((key) => {
      if (!found[key]) return `${key} is missing`;
      return undisturbed[key]
        ? `${key} has other bytes than undisturbed`
        : `${key} is there and should not be`;
    });
}

/** What uploads that were cut short have left, once the stack was started anew, which sweeps. */
export async function leftovers({ s3 }: Stack, folder: string, bucket: string): Promise<string[]> {
  const { endpoint, region, accessKeyId, secretAccessKey } = s3;
  const credentials = { accessKeyId, secretAccessKey };
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
  client.destroy();
  const names = await readdir(join(layout(folder).objects, bucket), { recursive: true, withFileTypes: true });
  return [
    ...Uploads.map(({ Key }) => `an unfinished upload of ${Key} is left`),
    ...names
      .filter((entry) => entry.isFile() && /\.sgwtmp/.test(join(entry.parentPath, entry.name)))
      .map(
        ({ parentPath, name }) => `part of an object is left: ${relative(folder, join(parentPath, name))}`,
      ),
  ];
}

/** Files of the stack, Temporal's database with every history among them, that hold the secret. known: a text that the
 *  database must hold, or this looks in the wrong place. */
export async function leaks(folder: string, secret: string, known: string): Promise<string[]> {
  const { credentials, database, objects } = layout(folder);
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => file !== credentials && !file.startsWith(`${objects}/`));
  const found = await Promise.all(
    files.map(async (file) => ({ file, holds: await search(file, [secret, known]) })),
  );
  const seen = found.some(({ file, holds }) => file.startsWith(database) && holds.has(known));
  return [
    ...found
      .filter(({ holds }) => holds.has(secret))
      .map(({ file }) => `${relative(folder, file)} holds the S3 secret key`),
    ...(seen ? [] : [`Temporal’s database does not hold ${known}: the search for secrets is blind`]),
  ];
}

async function search(file: string, texts: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>();
  const longest = Math.max(...texts.map(({ length }) => length));
  let tail = '';
  for await (const chunk of createReadStream(file, { encoding: 'latin1' })) {
    const text = tail + chunk;
    for (const wanted of texts) if (text.includes(wanted)) found.add(wanted);
    tail = text.slice(-longest);
  }
  return found;
}
