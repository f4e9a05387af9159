import type { SourceFiles } from '../sources/files.ts';
import { nameOf, rowOf } from './image-row.ts';
import type { Part } from './parts.ts';

/** Rows of the index of a class folder's images, see `image-row.ts`; every file is read. */
export async function* readFolder(
  source: SourceFiles,
  { label, files }: Part,
  signal: AbortSignal,
): AsyncGenerator<string> {
  for (const { path, bytes } of files) {
    const content = await source.read(path, { offset: 0, bytes }, signal);
    yield rowOf({ name: nameOf(path), label: label!, path, offset: 0, content });
  }
}
