import { expect, test } from 'vitest';
import { readShard } from '../../../../activities/data/imagenet/read-shard.ts';
import { sha256 } from '../../../../activities/identity/identity.ts';
import { tar } from '../archives.ts';

async function rowsOf(files: Record<string, string>) {
  async function* pieces() {
    yield tar(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])));
  }
  const rows: string[] = [];
  for await (const row of readShard('train-0.tar', pieces())) rows.push(row);
  return rows;
}

test('an image has its name, label, digest and place; other members do not count', async () => {
  const rows = await rowsOf({
    'README.txt': 'hello',
    'n01_7.cls': '3\n',
    'n01_7.txt': 'a caption',
    'n01_7.jpg': 'pixels',
    'n02_1.JPEG': 'more',
    'n02_1.cls': '0',
    '._n02_1.jpg': 'of a Mac',
  });
  // Each file is a header and a block: the fourth one's content begins after seven blocks, the fifth one's after nine.
  expect(rows).toEqual([
    `n01_7,3,${sha256('pixels')},train-0.tar,${7 * 512},6`,
    `n02_1,0,${sha256('more')},train-0.tar,${9 * 512},4`,
  ]);
});

test('a label may stand in JSON, among other things', async () => {
  const [row] = await rowsOf({ 'a.jpeg': 'x', 'a.json': '{"filename": "a.JPEG", "label": 917, "width": 5}' });
  expect(row).toMatch(/^a,917,/);
});

test("a key holds its folder, an image's name does not", async () => {
  const rows = await rowsOf({ 'x/a.jpg': 'x', 'x/a.cls': '1', 'y/b.v2.jpg': 'y', 'y/b.cls': '2' });
  expect(rows.map((row) => row.split(',', 2))).toEqual([
    ['a', '1'],
    ['b', '2'],
  ]);
});

test.each([
  [
    { 'a.jpg': 'x', 'b.cls': '1' },
    'a in train-0.tar has no label: expected a.cls with the number of its class',
  ],
  [{ 'a.jpg': 'x', 'a.json': '{"class": 1}' }, 'a in train-0.tar has no label'],
  [{ 'a.jpg': 'x', 'a.json': 'label 1' }, 'a in train-0.tar has no label'],
  [{ 'a.jpg': 'x', 'a.cls': 'tench' }, 'a in train-0.tar has the label "tench"'],
  [{ 'a.jpg': '', 'a.cls': '1' }, 'a in train-0.tar is empty: fetch it again'],
  [{ 'a,b.jpg': 'x', 'a,b.cls': '1' }, '"a,b" in train-0.tar: expected file names without commas'],
])('%j is refused by name', async (files, sentence) => {
  await expect(rowsOf(files)).rejects.toMatchObject({
    type: 'MalformedSource',
    message: expect.stringContaining(sentence),
  });
});
