/** What is known of one image, as a line of CSV. */
import { Failure } from '../../failure/failure.ts';
import { sha256 } from '../../identity/identity.ts';

/** The first three are the image's own, the others where this source has it: `bytes` bytes of the file `path` from
 *  `offset` on. */
export const COLUMNS = 'name,label,sha256,path,offset,bytes';

export interface Image {
  name: string;
  label: number;
  path: string;
  offset: number;
  content: Buffer;
}

/** A file's name up to its first dot: WebDataset's key of an example, less its folder. It is the image's name wherever
 *  it lies: `train/n01440764/n01440764_10026.JPEG` and `n01440764_10026.jpg` of a shard are the same one. */
export const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1).replace(/\..*$/s, '');

/** Fails with MalformedSource when the image is empty, or its name or path cannot stand in a cell. */
export function rowOf({ name, label, path, offset, content }: Image): string {
  if (content.length === 0) {
    throw new Failure('MalformedSource', `${name} in ${path} is empty: fetch it again.`);
  }
  if (!/^[^",\n\r]+$/.test(name + path)) {
    throw new Failure(
      'MalformedSource',
      `${JSON.stringify(name)} in ${path}: expected file names without commas, quotes and line breaks; rename it.`,
    );
  }
  return `${name},${label},${sha256(content)},${path},${offset},${content.length}`;
}

/** `name,label,sha256` of a row: what makes the data set the same from any source. */
export const contentOf = (row: string) => row.split(',', 3).join(',');
