/** Where an archive lies, and how to read it: a path, an `https://` or `s3://` address, an object of the store, or
 *  the official archive. */
import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Failure } from '../../failure/failure.ts';
import { contentId } from '../../identity/identity.ts';
import type { Store } from '../../store/store.ts';
import type { OFFICIAL } from '../cifar10.ts';
import { type DownloadProgress, download, type Mirror } from './download.ts';

export interface ArchiveSource {
  /** As errors and provenance name it. */
  name: string;
  /** Names the archive's content without reading it, so that a known archive is not read twice. */
  id: string;
  chunks(onProgress: DownloadProgress, signal: AbortSignal): AsyncIterable<Uint8Array>;
}

const CHUNK_BYTES = 2 ** 16;

/** Finds the archive. Fails with DatasetUnavailable when a path or an object of the store does not exist. An
 *  address is taken to give the same bytes for ever; a path is known by its size and time of change, because
 *  hashing the file would take longer than the answer may. */
export async function locateSource(
  source: string | null,
  { store, official, cacheFolder }: { store: Store; official: typeof OFFICIAL; cacheFolder: string },
): Promise<ArchiveSource> {
  const folder = join(cacheFolder, 'sources');
  if (source === null) return officialArchive(official, folder);
  if (source.startsWith('store:')) return storedArchive(store, source.slice('store:'.length));
  if (/^https?:/.test(source)) return remoteArchive(source, folder);
  if (source.startsWith('s3:')) return s3Archive(source);
  return localArchive(source);
}

function officialArchive({ mirrors, md5 }: typeof OFFICIAL, folder: string): ArchiveSource {
  const files = mirrors.map((url): Mirror => {
    const name = url.slice(url.lastIndexOf('/') + 1);
    return { url, file: join(folder, name), md5: md5[name]! };
  });
  return {
    name: 'the official archive',
    id: 'official',
    async *chunks(onProgress, signal) {
      yield* createReadStream(await download(files, onProgress, signal));
    },
  };
}

async function storedArchive(store: Store, key: string): Promise<ArchiveSource> {
  const ref = await store.head(key);
  if (!ref) {
    throw new Failure(
      'DatasetUnavailable',
      `The store has no object ${key}: expected an archive that was put there; name its path with --data PATH.`,
    );
  }
  return {
    name: key,
    id: ref.sha256,
    async *chunks() {
      const bytes = await store.get(ref);
      for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
    },
  };
}

function remoteArchive(url: string, folder: string): ArchiveSource {
  const id = contentId({ url });
  return {
    name: url,
    id,
    async *chunks(onProgress, signal) {
      const file = await download([{ url, file: join(folder, id), md5: null }], onProgress, signal);
      yield* createReadStream(file);
      await rm(file); // without a digest to know it by, it is of no further use
    },
  };
}

function s3Archive(url: string): ArchiveSource {
  const { hostname: Bucket, pathname } = new URL(url);
  return {
    name: url,
    id: contentId({ url }),
    async *chunks(_onProgress, abortSignal) {
      // Endpoint, region and credentials are the SDK's standard ones. Every server takes the bucket in the path.
      const client = new S3Client({ forcePathStyle: true, followRegionRedirects: true });
      try {
        const Key = decodeURIComponent(pathname.slice(1));
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }), { abortSignal });
        yield* Body!.transformToWebStream();
      } catch (error) {
        abortSignal.throwIfAborted();
        const reason = error instanceof Error ? error.message : String(error);
        throw new Failure(
          'DatasetUnavailable',
          `${url} could not be read (${reason}): expected an archive that the AWS_* settings of the worker can reach.`,
          { cause: error },
        );
      } finally {
        client.destroy();
      }
    },
  };
}

async function localArchive(path: string): Promise<ArchiveSource> {
  const file = resolve(path);
  const found = await stat(file).catch(() => null);
  if (!found?.isFile()) {
    throw new Failure(
      'DatasetUnavailable',
      `${path} ${found ? 'is not a file' : 'does not exist on this worker'}: expected an archive ` +
        '(binary or python tar.gz, or a tar of class folders).',
    );
  }
  return {
    name: path,
    id: contentId({ file, bytes: found.size, changed: found.mtimeMs }),
    chunks: () => createReadStream(file),
  };
}
