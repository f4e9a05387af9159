/** The files of a plain tar archive and where in it their bytes begin, so that each can be had again by itself. */
import { Header, Pax } from 'tar';
import { Failure } from '../../failure/failure.ts';
import { MEMBER_BYTES } from '../limits.ts';

export interface TarMember {
  path: string;
  /** Of the first byte of its content, from the archive's start. */
  offset: number;
  bytes: Buffer;
}

const BLOCK_BYTES = 512;

/** Holds one member at a time. Fails with MalformedSource when the archive is compressed, damaged, or ends before its
 *  end mark; `name` is what the sentence calls it. */
export async function* tarMembers(name: string, pieces: AsyncIterable<Buffer>): AsyncGenerator<TarMember> {
  const { take, position } = inputOf(pieces);
  let longPath: string | null = null; // given by a header of its own, before the member's

  const whole = async (bytes: number) => {
    const taken = await take(bytes);
    if (taken.length === bytes) return taken;
    throw new Failure(
      'MalformedSource',
      `${name} ends after ${position()} bytes, before its end mark: fetch the shard again.`,
    );
  };

  for (;;) {
    const block = await whole(BLOCK_BYTES);
    const header = new Header(block);
    if (header.nullBlock) return;
    if (!header.cksumValid) {
      throw new Failure(
        'MalformedSource',
        `${name} has no tar header at byte ${position() - BLOCK_BYTES}: expected a plain tar archive; a compressed ` +
          'one cannot be read from its middle and has to be unpacked, a damaged one fetched again.',
      );
    }
    const offset = position();
    const size = header.size ?? 0;
    if (size > MEMBER_BYTES) {
      throw new Failure(
        'MalformedSource',
        `${name} has a member ${header.path} of ${size} bytes, expected images of at most ${MEMBER_BYTES}: is it a shard of ImageNet?`,
      );
    }
    const bytes = await whole(size);
    await whole(-size & (BLOCK_BYTES - 1)); // filled up to whole blocks
    switch (header.type) {
      case 'ExtendedHeader':
        longPath = Pax.parse(bytes.toString()).path ?? null;
        break;
      case 'NextFileHasLongPath':
        longPath = bytes.toString().replace(/\0.*$/s, '');
        break;
      default:
        if (/^(Old|Contiguous)?File$/.test(header.type))
          yield { path: longPath ?? header.path ?? '', offset, bytes };
        longPath = null;
    }
  }
}

/** take: the next bytes, fewer at the end; position: how many were taken. */
function inputOf(pieces: AsyncIterable<Buffer>) {
  const iterator = pieces[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  let position = 0;
  return {
    position: () => position,
    async take(bytes: number): Promise<Buffer> {
      while (rest.length < bytes) {
        const next = await iterator.next();
        if (next.done) break;
        rest = rest.length > 0 ? Buffer.concat([rest, next.value]) : next.value;
      }
      const taken = rest.subarray(0, bytes);
      rest = rest.subarray(taken.length);
      position += taken.length;
      return taken;
    },
  };
}
