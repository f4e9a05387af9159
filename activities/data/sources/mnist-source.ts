/** Where MNIST's files lie, and how to read them: a folder, `https://host/folder`, `s3://bucket/prefix`, a folder of the
 *  store, or the official mirrors. They may be compressed by gzip or not. */
import { readFile, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { GetObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { Failure } from '../../failure/failure.ts';
import { contentId } from '../../identity/identity.ts';
import type { Store } from '../../store/store.ts';
import { FILES, type OFFICIAL } from '../mnist.ts';
import { type DownloadProgress, download, type WaysOut } from './download.ts';

export interface MnistFile {
  file: string;
  bytes: Buffer;
}

/** Null where it is not there. */
type Find = (file: string, onProgress: DownloadProgress, signal: AbortSignal) => Promise<Buffer | null>;

export interface MnistSource {
  /** As errors and provenance name it. */
  name: string;
  /** Names the files' content without reading them. */
  id: string;
  find: Find;
}

/** The four files' names, in the order in which they are looked for; plain ones are these without `.gz`. */
export const NAMES: readonly string[] = [...Object.values(FILES.train), ...Object.values(FILES.test)];

// Of Table 3, which reads two data sets, and of what reads one.
const WAYS_OUT: WaysOut = {
  copy: 'RETHINKING_MNIST, --mnist or --dataset mnist --data and the folder of its files',
  without: 'generated images, --digits procedural or --dataset procedural',
};

const PLAIN = /\.gz$/;

/** What an answer of 403 means too: buckets that nobody may list say so of what they do not have. */
const ABSENT = [403, 404];

/** Finds the folder. Fails with DatasetUnavailable when a path does not exist. */
export async function locateMnist(
  source: string | null,
  { store, official, cacheFolder }: { store: Store; official: typeof OFFICIAL; cacheFolder: string },
): Promise<MnistSource> {
  const cache = join(cacheFolder, 'sources', 'mnist');
  if (source === null) return officialFiles(official, cache);
  const folder = source.replace(/\/+$/, '');
  if (folder.startsWith('store:')) return storedFolder(store, folder.slice('store:'.length));
  if (/^https?:/.test(folder)) return remoteFolder(folder, cache);
  if (folder.startsWith('s3:')) return s3Folder(folder);
  return localFolder(folder);
}

/** The files of a source that are there, by their names among `NAMES`. */
export async function readMnistFiles(
  { find }: MnistSource,
  onProgress: DownloadProgress,
  signal: AbortSignal,
): Promise<Map<string, MnistFile>> {
  const found = new Map<string, MnistFile>();
  for (const name of NAMES) {
    for (const file of [name, name.replace(PLAIN, '')]) {
      signal.throwIfAborted();
      const bytes = await find(file, onProgress, signal);
      if (!bytes) continue;
      found.set(name, { file, bytes });
      break;
    }
  }
  return found;
}

function officialFiles({ mirrors, md5 }: typeof OFFICIAL, folder: string): MnistSource {
  return {
    name: 'the official files',
    id: 'official',
    async find(name, onProgress, signal) {
      const file = { file: join(folder, name), md5: md5[name]! };
      const path = await download(
        mirrors.map((mirror) => ({ ...file, url: `${mirror}/${name}` })),
        onProgress,
        signal,
        WAYS_OUT,
      );
      return readFile(path);
    },
  };
}

function storedFolder(store: Store, folder: string): MnistSource {
  return {
    name: folder,
    id: contentId({ folder }), // named by the files' digest
    async find(file) {
      const ref = await store.head(`${folder}/${file}`);
      return ref && store.get(ref);
    },
  };
}

function remoteFolder(url: string, cache: string): MnistSource {
  const id = contentId({ url });
  return {
    name: url,
    id,
    async find(file, onProgress, signal) {
      const address = `${url}/${file}`;
      // What is wrong with a server that does not answer is the download's to say.
      const answer = await fetch(address, { method: 'HEAD', signal }).catch(() => null);
      if (answer && ABSENT.includes(answer.status)) return null;
      const mirror = { url: address, file: join(cache, `${id}-${file}`), md5: null };
      const path = await download([mirror], onProgress, signal, WAYS_OUT);
      const bytes = await readFile(path);
      await rm(path); // without a digest to know it by, it is of no further use
      return bytes;
    },
  };
}

function s3Folder(url: string): MnistSource {
  const { hostname: Bucket, pathname } = new URL(url);
  const prefix = decodeURIComponent(pathname).replace(/^\/+/, '');
  return {
    name: url,
    id: contentId({ url }),
    async find(file, _onProgress, abortSignal) {
      // Endpoint, region and credentials are the SDK's standard ones. Every server takes the bucket in the path.
      const client = new S3Client({ forcePathStyle: true, followRegionRedirects: true });
      try {
        const Key = prefix ? `${prefix}/${file}` : file;
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }), { abortSignal });
        return Buffer.from(await Body!.transformToByteArray());
      } catch (error) {
        abortSignal.throwIfAborted();
        const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
        if (status !== undefined && ABSENT.includes(status)) return null;
        const reason = error instanceof Error ? error.message : String(error);
        throw new Failure(
          'DatasetUnavailable',
          `${url}/${file} could not be read (${reason}): expected MNIST’s files where the AWS_* settings of the ` +
            'worker reach.',
          { cause: error },
        );
      } finally {
        client.destroy();
      }
    },
  };
}

async function localFolder(path: string): Promise<MnistSource> {
  const folder = resolve(path);
  const found = await stat(folder).catch(() => null);
  if (!found?.isDirectory()) {
    throw new Failure(
      'DatasetUnavailable',
      `${path} ${found ? 'is not a folder' : 'does not exist on this worker'}: expected the folder of MNIST’s files ` +
        `(${NAMES.join(', ')}).`,
    );
  }
  const files = NAMES.flatMap((name) => [name, name.replace(PLAIN, '')]);
  const versions = await Promise.all(
    files.map(async (file) => {
      const { size, mtimeMs } = (await stat(join(folder, file)).catch(() => null)) ?? {};
      return { file, size, mtimeMs };
    }),
  );
  return {
    name: path,
    id: contentId({ folder, versions }),
    find: (file) =>
      readFile(join(folder, file)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null;
        throw error;
      }),
  };
}
