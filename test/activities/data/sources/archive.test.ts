import { gzipSync } from 'node:zlib';
import { Header } from 'tar';
import { expect, test } from 'vitest';
import { MEMBER_BYTES } from '../../../../activities/data/limits.ts';
import { membersOf } from '../../../../activities/data/sources/archive.ts';
import { tar } from '../archives.ts';

const files = {
  'a/one.txt': Buffer.from('1'),
  'a/two.bin': Buffer.alloc(5000, 2),
  'b/three.txt': Buffer.alloc(0),
};

// `printf one > 1.txt; tar cf - 1.txt | xz | base64` of a file with three bytes.
const XZ = Buffer.from(
  '/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4Cf/AGRdABiLiwfh7utDEETwUBYPOeqhFHKUrnjvBbPfd3trQLaxaHS9CJeqX3CROyE2d3olo3S1e/nwucUpwG3goVe4pes3peKXqj1FViNwl++ubpxRWwNT4lKPN49tNlTpvDQgZt4guAAAqxcTUczDxR8AAYABgFAAAD5xYGGxxGf7AgAAAAAEWVo=',
  'base64',
);

async function* inChunks(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(bytes: Buffer, { wanted = (path: string) => path !== '', size = 1000 } = {}) {
  const members: Record<string, Buffer> = {};
  for await (const { path, bytes: content } of membersOf('x.tar', inChunks(bytes, size), wanted)) {
    members[path] = content;
  }
  return members;
}

test('a plain tar gives its files', async () => {
  expect(await read(tar(files))).toEqual(files);
});

test('a tar.gz gives its files, whatever it is called and however its bytes arrive', async () => {
  expect(await read(gzipSync(tar(files)), { size: 1 })).toEqual(files);
});

test('a tar.xz gives its files', async () => {
  expect(await read(XZ)).toEqual({ '1.txt': Buffer.from('one') });
});

test('only wanted files are read', async () => {
  const members = await read(tar(files), { wanted: (path) => path.endsWith('.bin') });
  expect(Object.keys(members)).toEqual(['a/two.bin']);
});

test('a truncated tar.gz says so', async () => {
  const whole = gzipSync(tar(files));
  await expect(read(whole.subarray(0, -20))).rejects.toThrow(
    'x.tar is truncated or damaged (unexpected end of file): fetch the archive again.',
  );
});

test('a truncated tar.xz says so', async () => {
  await expect(read(XZ.subarray(0, -30))).rejects.toThrow('x.tar is truncated or damaged');
});

test('a tar that ends in the middle of a file says so', async () => {
  await expect(read(tar(files).subarray(0, 3000))).rejects.toThrow('x.tar is truncated or damaged');
});

test('a tar that ends between two files is not taken for a whole one', async () => {
  await expect(read(tar(files).subarray(0, 1024))).rejects.toThrow('it ends before its end mark');
});

test('a damaged tar.gz says so', async () => {
  const damaged = gzipSync(tar(files));
  damaged.fill(0xff, 30, 60);
  await expect(read(damaged)).rejects.toThrow('x.tar is truncated or damaged');
});

test('an error of the source itself, as a cancellation, is not blamed on the archive', async () => {
  async function* cancelled() {
    yield gzipSync(tar(files)).subarray(0, 100);
    throw new Error('cancelled');
  }
  const members = membersOf('x.tar', cancelled(), () => true);
  await expect(members.next()).rejects.toThrow(/^cancelled$/);
});

test('a file of another form is told what is expected', async () => {
  await expect(read(Buffer.from('PK\x03\x04 a zip'))).rejects.toThrow(
    'x.tar is not a tar archive (.tar, .tar.gz or .tar.xz): expected CIFAR-10 as',
  );
});

test('a file that would fill the memory is refused by its header, before a byte of it is held', async () => {
  const size = MEMBER_BYTES + 1;
  const header = new Header({
    path: 'data_batch_1.bin',
    size,
    type: 'File',
    mode: 0o644,
    mtime: new Date(0),
  });
  header.encode();
  await expect(read(Buffer.concat([header.block!, Buffer.alloc(512)]))).rejects.toThrow(
    `x.tar unpacks to data_batch_1.bin with ${size} bytes, expected at most ${MEMBER_BYTES}`,
  );
});

test('a bomb of unwanted files is refused once it has unpacked too much', async () => {
  const bomb = gzipSync(tar({ huge: Buffer.alloc(2 ** 20) }));
  const members = membersOf('x.tar', inChunks(bomb, 1000), () => false, 2 ** 19);
  await expect(members.next()).rejects.toThrow(
    'x.tar unpacks to more than 524288 bytes, expected at most 524288',
  );
});

test('a path that leads out of the folder is a name and nothing else: it is written nowhere', async () => {
  expect(await read(tar({ '../../etc/cron.d/x': Buffer.from('1'), '/etc/x': Buffer.from('2') }))).toEqual({
    '../../etc/cron.d/x': Buffer.from('1'),
    '/etc/x': Buffer.from('2'),
  });
});
