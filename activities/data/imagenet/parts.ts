/** A source's files, sorted into pieces of work: each shard is a part, and so is each class folder. */
import { Failure } from '../../failure/failure.ts';
import type { SourceFile } from '../sources/files.ts';

export type SplitName = 'train' | 'test';

export interface Part {
  form: 'shards' | 'folders';
  split: SplitName;
  /** Of a class folder. */
  label: number | null;
  /** The shard, or the folder's images by path. */
  files: SourceFile[];
}

const SHARD = /^(?:.*[^a-z])?(train|val|validation)(?![a-z]).*\.tar$/i;
const FOLDER = /(?:^|\/)(train|val|validation)\/([^/]+)\/[^/.][^/]*\.jpe?g$/i;

/** ImageNet's validation images are the paper's test images. The labels of class folders are their places in the order
 *  of their names, which for the 1,000 names of ILSVRC-2012 is the usual numbering. Fails with MalformedSource when a
 *  split is missing, when there are both forms, or when a class has no training images. */
export function partsOf(name: string, listing: Iterable<SourceFile>): Part[] {
  const shards = new Map<string, Part>();
  const folders = new Map<string, Part & { className: string }>();
  for (const file of listing) {
    const shard = SHARD.exec(file.path);
    if (shard) {
      const split = splitOf(shard[1]!);
      shards.set(file.path, { form: 'shards', split, label: null, files: [file] });
      continue;
    }
    const folder = FOLDER.exec(file.path);
    if (!folder) continue;
    const [, split, className] = folder;
    const key = file.path.slice(0, file.path.lastIndexOf('/'));
    const part = folders.get(key) ?? {
      form: 'folders',
      split: splitOf(split!),
      label: null,
      files: [],
      className: className!,
    };
    part.files.push(file);
    folders.set(key, part);
  }

  const found = [...shards.values(), ...folders.values()];
  const missing = (['train', 'test'] as const).filter((split) => !found.some((part) => part.split === split));
  if (missing.length > 0 || (shards.size > 0 && folders.size > 0)) {
    throw new Failure(
      'MalformedSource',
      `${name} has ${count(shards.size, 'tar shard')} and ${count(folders.size, 'class folder')} with JPEG images` +
        `${missing.length > 0 ? `, and no ${missing.join(' and no ')} images` : ''}: expected either shards ` +
        '(…train….tar and …val….tar) or folders (train/<class>/ and val/<class>/).',
    );
  }
  if (shards.size > 0) return [...shards.values()];

  const classes = [
    ...new Set([...folders.values()].filter(({ split }) => split === 'train').map((part) => part.className)),
  ].sort();
  return [...folders.values()].map(({ className, files, ...part }) => {
    const label = classes.indexOf(className);
    if (label === -1) {
      throw new Failure(
        'MalformedSource',
        `${name} has a folder val/${className} and none train/${className}: expected the same classes in both.`,
      );
    }
    return { ...part, label, files: files.sort((one, other) => (one.path < other.path ? -1 : 1)) };
  });
}

const splitOf = (found: string): SplitName => (found.toLowerCase() === 'train' ? 'train' : 'test');

const count = (number: number, what: string) => `${number || 'no'} ${what}${number === 1 ? '' : 's'}`;
