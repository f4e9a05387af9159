import { expect, test } from 'vitest';
import { stream } from '../../../activities/random/stream.ts';
import { generatedPoints } from '../../../activities/theory/generated-points.ts';
import { firstPoints, pointsAt, pointsOf, type Sample, watched } from '../../../activities/theory/sample.ts';

const [n, d] = [600, 8]; // blocks of 256, 256 and 88 points
const generated = generatedPoints({ n, d, draw: stream(1, 'generated-points') });

async function read(sample: Sample): Promise<number[][]> {
  const all: number[][] = [];
  for await (const [, point] of pointsOf(sample)) all.push([...point]);
  return all;
}

test('points are found by their indices in one reading, across blocks, in whatever order they are asked for', async () => {
  const all = await read(generated);
  const found = await pointsAt(generated, [599, 0, 256, 255, 0]);
  expect([...found.keys()].sort((i, j) => i - j)).toEqual([0, 255, 256, 599]);
  for (const [index, point] of found) expect([...point]).toEqual(all[index]);
});

test('what was found stays when its block is overwritten', async () => {
  const found = await pointsAt(generated, [3]);
  const before = [...found.get(3)!];
  await read(generated);
  expect([...found.get(3)!]).toEqual(before);
});

test.each([1, 255, 256, 257, 600, 1000])('the first %d points are those of the whole', async (count) => {
  const first = firstPoints(generated, count);
  expect(first.n).toBe(Math.min(count, n));
  expect(await read(first)).toEqual((await read(generated)).slice(0, count));
});

test('reading the first points ends with their block', async () => {
  let blocks = 0;
  const counted = watched(generated, async () => void blocks++);
  await read(firstPoints(counted, 10));
  expect(blocks).toBeLessThanOrEqual(1);
});

test('a watched sample gives the same points, says how many were read, and waits', async () => {
  const seen: number[] = [];
  const sample = watched(generated, async (points) => {
    await Promise.resolve();
    seen.push(points);
  });
  expect(await read(sample)).toEqual(await read(generated));
  expect(seen).toEqual([256, 512, 600]);
});
