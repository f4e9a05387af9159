/** The images of a shard in WebDataset's layout: members in a row that share a key are one example, its image
 *  `<key>.jpg` or `.jpeg`, its label `<key>.cls` (the class's number as text) or `label` of `<key>.json`. */
import { z } from 'zod';
import { Failure } from '../../failure/failure.ts';
import { nameOf, rowOf } from './image-row.ts';
import { type TarMember, tarMembers } from './tar-members.ts';

const IMAGE = /\.jpe?g$/i;
const KEY = /^(?:.*\/)?[^./][^/.]*(?=\.)/s; // hidden files have none

/** Rows of the index, see `image-row.ts`, in the shard's order; holds one example at a time. Fails with
 *  MalformedSource when an image has no label. */
export async function* readShard(path: string, pieces: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let key: string | undefined;
  let example: TarMember[] = [];
  for await (const member of tarMembers(path, pieces)) {
    const own = KEY.exec(member.path)?.[0];
    if (own !== key) {
      yield* rowsOf(path, example);
      example = [];
      key = own;
    }
    if (own !== undefined) example.push(member);
  }
  yield* rowsOf(path, example);
}

function* rowsOf(path: string, example: TarMember[]): Generator<string> {
  const image = example.find((member) => IMAGE.test(member.path));
  if (!image) return;
  const name = nameOf(image.path);
  yield rowOf({
    name,
    label: labelOf(path, name, example),
    path,
    offset: image.offset,
    content: image.bytes,
  });
}

function labelOf(path: string, name: string, example: TarMember[]): number {
  const ending = (extension: string) =>
    example.find((member) => member.path.endsWith(extension))?.bytes.toString();
  const text = ending('.cls')?.trim() ?? labelInJson(ending('.json'));
  if (text !== undefined && /^\d{1,6}$/.test(text)) return Number(text);
  throw new Failure(
    'MalformedSource',
    `${name} in ${path} has ${text === undefined ? 'no label' : `the label ${JSON.stringify(text)}`}: expected ` +
      `${name}.cls with the number of its class, or ${name}.json with a field label, right beside it.`,
  );
}

const Labelled = z.looseObject({ label: z.int() });

function labelInJson(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return String(Labelled.parse(JSON.parse(text)).label);
  } catch {
    return undefined; // other things may be said in JSON
  }
}
