import { gzipSync } from 'node:zlib';
import { Header, Pax } from 'tar';
import { expect, test } from 'vitest';
import { type TarMember, tarMembers } from '../../../../activities/data/imagenet/tar-members.ts';
import { MEMBER_BYTES } from '../../../../activities/data/limits.ts';
import { tar } from '../archives.ts';

/** The archive in pieces of `bytes`, which cut through headers and contents. */
async function* inPieces(archive: Buffer, bytes = 300) {
  for (let at = 0; at < archive.length; at += bytes) yield archive.subarray(at, at + bytes);
}

async function membersOf(archive: Buffer, pieceBytes?: number) {
  const members: TarMember[] = [];
  for await (const member of tarMembers('a.tar', inPieces(archive, pieceBytes))) members.push(member);
  return members;
}

const FILES = { 'a.jpg': Buffer.alloc(700, 1), 'b/c.cls': Buffer.from('17'), empty: Buffer.alloc(0) };
const END = Buffer.alloc(1024);

/** A header of this type and its content, as an archive has them before the member they speak of. */
function block(type: 'NextFileHasLongPath' | 'ExtendedHeader' | 'Directory', path: string, content: string) {
  const bytes = Buffer.from(content);
  const header = new Header({ path, type, size: bytes.length, mode: 0o644, mtime: new Date(0) });
  header.encode();
  return Buffer.concat([header.block!, bytes, Buffer.alloc(-bytes.length & 511)]);
}

test.each([1, 300, 5000])(
  'every file is found where its bytes are, in pieces of %i bytes',
  async (pieceBytes) => {
    const archive = tar(FILES);
    const members = await membersOf(archive, pieceBytes);
    expect(Object.fromEntries(members.map(({ path, bytes }) => [path, bytes]))).toEqual(FILES);
    for (const { offset, bytes } of members) {
      expect(archive.subarray(offset, offset + bytes.length).equals(bytes)).toBe(true);
    }
  },
);

test("Python's tarfile, as WebDataset uses it, puts the time of change into a header of its own: it is passed over", async () => {
  const extended = new Pax({ path: 'a.jpg', mtime: new Date(1234) });
  const members = await membersOf(Buffer.concat([extended.encode(), tar(FILES)]));
  expect(members.map(({ path }) => path)).toEqual(Object.keys(FILES));
});

test('a long path comes from the header before, in either form, and for one member alone', async () => {
  const long = `train/${'x'.repeat(200)}.jpg`;
  const gnu = await membersOf(
    Buffer.concat([block('NextFileHasLongPath', '././@LongLink', `${long}\0`), tar(FILES)]),
  );
  const pax = await membersOf(Buffer.concat([new Pax({ path: long }).encode(), tar(FILES)]));
  for (const members of [gnu, pax])
    expect(members.map(({ path }) => path)).toEqual([long, 'b/c.cls', 'empty']);
});

test('a folder is no file', async () => {
  const members = await membersOf(Buffer.concat([block('Directory', 'b/', ''), tar(FILES)]));
  expect(members).toHaveLength(3);
});

test.each([
  [
    'compressed',
    gzipSync(tar(FILES), { level: 0 }),
    'a.tar has no tar header at byte 0: expected a plain tar archive',
  ],
  ['cut off', tar(FILES).subarray(0, 1000), 'a.tar ends after 1000 bytes, before its end mark'],
  ['without its end mark', tar(FILES).subarray(0, -END.length), 'before its end mark: fetch the shard again'],
  [
    'damaged',
    Buffer.concat([tar({ a: FILES['a.jpg'] }).subarray(0, 1536), Buffer.alloc(512, 7), END]),
    'a.tar has no tar header at byte 1536',
  ],
])('an archive that is %s is refused by name', async (_, archive, sentence) => {
  await expect(membersOf(archive)).rejects.toMatchObject({
    type: 'MalformedSource',
    message: expect.stringContaining(sentence),
  });
});

test('a member that would fill the memory is refused by its header', async () => {
  const size = 2 ** 33;
  const header = new Header({ path: 'a.jpg', size, type: 'File', mode: 0o644, mtime: new Date(0) });
  header.encode();
  await expect(membersOf(Buffer.concat([header.block!, Buffer.alloc(512)]))).rejects.toThrow(
    `a.tar has a member a.jpg of ${size} bytes, expected images of at most ${MEMBER_BYTES}`,
  );
});
