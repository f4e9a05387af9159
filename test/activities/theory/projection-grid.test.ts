import { describe, expect, test } from 'vitest';
import { stream } from '../../../activities/random/stream.ts';
import { generatedPoints } from '../../../activities/theory/generated-points.ts';
import {
  measureProjections,
  type ProjectionError,
  sizesUpTo,
} from '../../../activities/theory/projection-grid.ts';

const [n, d] = [1000, 512];
const sample = generatedPoints({ n, d, draw: stream(1, 'generated-points') });
const { below } = stream(1, 'label-corruption');
const labels = Uint8Array.from({ length: n }, () => below(10));

const all: ProjectionError[] = [];
for await (const rows of measureProjections(sample, labels, () => stream(1, 'projection'))) all.push(...rows);

const find = (change: Partial<ProjectionError>) => {
  const wanted = { n, gapFraction: 1, precision: 'float64', ...change } as const;
  const found = all.filter((row) =>
    Object.entries(wanted).every(([key, value]) => row[key as keyof typeof row] === value),
  );
  expect(found).toHaveLength(1);
  return found[0]!;
};

test('every size, projection, arithmetic and place of the biases is there once', () => {
  expect(all).toHaveLength(sizesUpTo(n).length * 5 * 3 * 4);
  expect(sizesUpTo(n)).toEqual([10, 20, 50, 100, 200, 500, 1000]);
});

describe('in float64', () => {
  test('no order moves whole numbers; a Gaussian projection loses ten times its error to it', () => {
    const [whole, gaussian] = [find({ projection: 'integers-53' }), find({ projection: 'gaussian' })];
    expect(whole.reverseOrder).toEqual(whole.sameOrder);
    expect(gaussian.reverseOrder.largestError).toBeGreaterThan(10 * gaussian.sameOrder.largestError);
  });

  test('a unit vector is the Gaussian one over its length: as good and as bad, within a factor of ten', () => {
    const [gaussian, unit] = [find({ projection: 'gaussian' }), find({ projection: 'unit-vector' })];
    const ratio = unit.reverseOrder.largestError / gaussian.reverseOrder.largestError;
    expect(ratio).toBeGreaterThan(0.1);
    expect(ratio).toBeLessThan(10);
  });

  test('more digits bring the Gaussian projection back to its own error, in either order', () => {
    const { sameOrder, reverseOrder } = find({ projection: 'gaussian', precision: 'double-double' });
    expect(reverseOrder.largestError).toBeLessThan(1e-10);
    expect(reverseOrder).toEqual(sameOrder);
  });
});

test('one coordinate of bytes has 256 values: points meet, and lose their labels in any arithmetic', () => {
  const wrong = (['float32', 'float64', 'double-double'] as const).map(
    (precision) => find({ projection: 'coordinate', precision }).sameOrder.wrong,
  );
  // 1,000 points at 256 places: all but one of a place are lost, but for a tenth with the same label.
  expect(Math.min(...wrong)).toBeGreaterThan(600);
});

test('no order moves whole numbers of 24 bits in float32 either, which costs the others labels at midpoints', () => {
  const own = all.filter(
    ({ projection, precision }) => projection === 'integers-24' && precision === 'float32',
  );
  expect(own.every(({ sameOrder, reverseOrder }) => reverseOrder.wrong === sameOrder.wrong)).toBe(true);
  const wrong = (projection: ProjectionError['projection']) =>
    find({ n: 200, projection, precision: 'float32', gapFraction: 1 / 2 }).reverseOrder.wrong;
  expect(wrong('integers-24')).toBe(0);
  expect(Math.min(wrong('gaussian'), wrong('integers-53'))).toBeGreaterThan(0);
});

test('biases a quarter before their points lose labels from 50 on, whatever the projection', () => {
  const lost = all.filter((row) => row.n === 50 && row.gapFraction === 1 / 4);
  expect(lost.every(({ sameOrder }) => sameOrder.wrong > 0)).toBe(true);
});
