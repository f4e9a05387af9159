import { Failure } from '../../failure/failure.ts';
import { MEMBER_BYTES } from '../limits.ts';
import type { SourceFiles } from '../sources/files.ts';
import { nameOf, rowOf } from './image-row.ts';
import type { Part } from './parts.ts';

/** Rows of the index of a class folder's images, see `image-row.ts`; every file is read. Fails with MalformedSource when
 *  one is too large to be an image. */
export async function* readFolder(
  source: SourceFiles,
  { label, files }: Part,
  signal: AbortSignal,
): AsyncGenerator<string> {
  for (const { path, bytes } of files) {
    if (bytes > MEMBER_BYTES) {
      throw new Failure(
        'MalformedSource',
        `${path} has ${bytes} bytes, expected an image of at most ${MEMBER_BYTES}: replace it.`,
      );
    }
    const content = await source.read(path, { offset: 0, bytes }, signal);
    yield rowOf({ name: nameOf(path), label: label!, path, offset: 0, content });
  }
}
