import { expect, test } from 'vitest';
import { stream } from '../../../activities/random/stream.ts';
import { generatedPoints } from '../../../activities/theory/generated-points.ts';
import { pointsOf, type Sample } from '../../../activities/theory/sample.ts';

const points = (n: number, seed = 1) => generatedPoints({ n, d: 48, draw: stream(seed, 'generated-points') });

async function read(sample: Sample): Promise<number[][]> {
  const all: number[][] = [];
  for await (const [, point] of pointsOf(sample)) all.push([...point]);
  return all;
}

test('every reading gives the same points, and fewer points are the first of more', async () => {
  const sample = points(600);
  const all = await read(sample);
  expect(await read(sample)).toEqual(all);
  expect(await read(points(300))).toEqual(all.slice(0, 300));
});

test('another seed gives other points, and no two points are equal', async () => {
  const all = await read(points(600));
  const others = await read(points(600, 2));
  expect(new Set([...all, ...others].map(String)).size).toBe(1200);
});

test('bytes are uniform', async () => {
  const bytes = (await read(points(2000))).flat();
  const counts = new Array<number>(256).fill(0);
  for (const byte of bytes) counts[byte]!++;
  const expected = bytes.length / 256;
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  expect(chiSquare).toBeLessThan(330.5); // 99.9 % point for 255 degrees of freedom
});
