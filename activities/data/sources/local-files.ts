/** The files of a folder, links followed. */
import { open, readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Failure } from '../../failure/failure.ts';
import type { SourceFile, SourceFiles } from './files.ts';

export function localFiles(folder: string): SourceFiles {
  const root = resolve(folder);
  return {
    name: folder,
    async *list(signal) {
      const found = await stat(root).catch(() => null);
      if (!found?.isDirectory()) {
        throw new Failure(
          'DatasetUnavailable',
          `${folder} ${found ? 'is not a folder' : 'does not exist on this worker'}: expected a folder of tar ` +
            'shards or class folders.',
        );
      }
      yield* filesBelow(root, '', signal);
    },
    async read(path, { offset, bytes }, signal) {
      signal.throwIfAborted();
      // Opened anew each time: 0.1 ms beside the milliseconds of decoding, and class folders are a million files.
      const file = await open(join(root, path)).catch((cause: unknown) => {
        throw new Failure(
          'DatasetUnavailable',
          `${join(folder, path)} cannot be opened: index the data set again.`,
          {
            cause,
          },
        );
      });
      try {
        const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(bytes), 0, bytes, offset);
        return buffer.subarray(0, bytesRead);
      } finally {
        await file.close();
      }
    },
    close() {},
  };
}

async function* filesBelow(root: string, below: string, signal: AbortSignal): AsyncGenerator<SourceFile> {
  for (const name of await readdir(join(root, below))) {
    signal.throwIfAborted();
    const path = below ? `${below}/${name}` : name;
    const found = await stat(join(root, path));
    if (found.isDirectory()) yield* filesBelow(root, path, signal);
    else if (found.isFile()) yield { path, bytes: found.size, version: String(found.mtimeMs) };
  }
}
