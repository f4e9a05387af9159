/** A file from the first of several mirrors that has it. A download that breaks off goes on where it was, at the
 *  same mirror, at another, or in a later attempt: the part lies beside the file until it is whole and its MD5 is
 *  the pinned one. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { Failure } from '../../failure/failure.ts';
import { DOWNLOAD_BYTES } from '../limits.ts';

export interface Mirror {
  url: string;
  /** Where the file comes to lie. Mirrors of one file share it, and its part. */
  file: string;
  /** null: whatever the address gives. Then nothing is known of an earlier part, and each call starts afresh. */
  md5: string | null;
}

/** How a person names a copy of their own, and what does without. */
export interface WaysOut {
  copy: string;
  without: string;
}

const OF_ARCHIVES: WaysOut = { copy: '--data PATH', without: '--dataset procedural' };

/** Bytes that have arrived, and how many there will be, where the server says so. */
export type DownloadProgress = (bytes: number, total: number | null) => void;

const SILENCE_MS = 30_000; // a line that carries nothing for so long is dead
const RANGE_NOT_SATISFIABLE = 416;
const PARTIAL_CONTENT = 206;

/** The path of the whole file. Goes round the mirrors for as long as a round brings new bytes. Fails with
 *  DigestMismatch when what was served has another MD5, with DatasetUnavailable when no mirror served it. */
export async function download(
  mirrors: Mirror[],
  onProgress: DownloadProgress,
  signal: AbortSignal,
  waysOut: WaysOut = OF_ARCHIVES,
): Promise<string> {
  for (const { file, md5 } of mirrors) {
    if (md5 && (await sizeOf(file)) > 0 && (await md5Of(file)) === md5) return file;
    await mkdir(dirname(file), { recursive: true });
    if (!md5) await rm(partOf(file), { force: true });
  }

  const problems = new Map<Mirror, string>();
  const wrong = new Map<Mirror, Failure>();
  for (;;) {
    const bytesBefore = await bytesOfParts(mirrors);
    for (const mirror of mirrors.filter((candidate) => !wrong.has(candidate))) {
      try {
        await fetchWhole(mirror, onProgress, { signal, waysOut });
        return mirror.file;
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof Failure)) problems.set(mirror, reasonOf(error));
        else if (error.type === 'DigestMismatch') wrong.set(mirror, error);
        else throw error;
      }
    }
    if ((await bytesOfParts(mirrors)) <= bytesBefore) break;
  }
  for (const mismatch of wrong.values()) throw mismatch;
  const each = [...problems].map(([{ url }, reason]) => `${url} (${reason})`).join(', ');
  throw new Failure(
    'DatasetUnavailable',
    `The data set could not be downloaded from ${each}: name a copy with ${waysOut.copy}, or use ${waysOut.without}.`,
  );
}

/** Goes on with the part, and starts again when what was there before turns out to be wrong. */
async function fetchWhole(
  mirror: Mirror,
  onProgress: DownloadProgress,
  { signal, waysOut }: { signal: AbortSignal; waysOut: WaysOut },
): Promise<void> {
  const resumed = (await sizeOf(partOf(mirror.file))) > 0;
  await fetchRest(mirror, onProgress, signal);
  const mismatch = await adopt(mirror, waysOut);
  if (mismatch && !resumed) throw mismatch;
  if (mismatch) await fetchWhole(mirror, onProgress, { signal, waysOut });
}

/** Appends what is missing to the part. Any error but a Failure is the mirror's or the line's. */
async function fetchRest(
  { url, file }: Mirror,
  onProgress: DownloadProgress,
  signal: AbortSignal,
): Promise<void> {
  const part = partOf(file);
  const have = await sizeOf(part);
  const silence = new AbortController();
  const tooLong = () => silence.abort(new Error(`silent for ${SILENCE_MS / 1000} s`));
  const timer = setTimeout(tooLong, SILENCE_MS);
  try {
    const response = await fetch(url, {
      // Compressed on the way, the bytes would not be the file's and could not be resumed.
      headers: { 'accept-encoding': 'identity', ...(have > 0 && { range: `bytes=${have}-` }) },
      signal: AbortSignal.any([signal, silence.signal]),
    });
    if (response.status === RANGE_NOT_SATISFIABLE && have > 0) return; // nothing is missing; the digest will tell
    if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
    const resumed = response.status === PARTIAL_CONTENT;
    const length = Number(response.headers.get('content-length'));
    let bytes = resumed ? have : 0;
    if (bytes + length > DOWNLOAD_BYTES) throw tooLarge(url);
    const output = await open(part, resumed ? 'a' : 'w');
    try {
      for await (const chunk of response.body) {
        timer.refresh();
        await output.appendFile(chunk).catch(refuseFullDisk(part));
        bytes += chunk.length;
        if (bytes > DOWNLOAD_BYTES) throw tooLarge(url); // a length is only what a server says
        onProgress(bytes, length > 0 ? (resumed ? have : 0) + length : null);
      }
    } finally {
      await output.close();
    }
  } finally {
    clearTimeout(timer);
  }
}

/** Makes a whole part the file; a part with a wrong digest is removed, and the failure returned. */
async function adopt({ url, file, md5 }: Mirror, { copy }: WaysOut): Promise<Failure | null> {
  const part = partOf(file);
  const found = md5 && (await md5Of(part));
  if (found !== md5) {
    await rm(part, { force: true });
    return new Failure(
      'DigestMismatch',
      `${url} gave a file with md5 ${found}, expected ${md5}: something on the way changes it; ` +
        `name a good copy of ${basename(file)} with ${copy}.`,
    );
  }
  await rename(part, file);
  return null;
}

const tooLarge = (url: string) =>
  new Failure(
    'MalformedSource',
    `${url} gives more than ${DOWNLOAD_BYTES} bytes, expected a data set's archive, which is far smaller: is it the right address?`,
  );

const partOf = (file: string) => `${file}.part`;

const sizeOf = async (file: string) => (await stat(file).catch(() => null))?.size ?? 0;

async function bytesOfParts(mirrors: Mirror[]): Promise<number> {
  const sizes = await Promise.all([...new Set(mirrors.map(({ file }) => partOf(file)))].map(sizeOf));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function md5Of(file: string): Promise<string> {
  const hash = createHash('md5');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest('hex');
}

const refuseFullDisk = (file: string) => (error: unknown) => {
  if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') {
    throw new Failure('DiskFull', `No room left to download ${file}: make room, the download goes on.`);
  }
  throw error;
};

/** undici hides the reason of a failed connection one level down. */
function reasonOf(error: unknown): string {
  const { cause } = error instanceof Error ? error : { cause: null };
  if (cause instanceof Error && cause.message) return cause.message;
  return error instanceof Error ? error.message : String(error);
}
