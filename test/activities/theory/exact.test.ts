import { expect, test } from 'vitest';
import { stream } from '../../../activities/random/stream.ts';
import { checkExactly as check, type ExactCheck, exactSystem } from '../../../activities/theory/exact.ts';
import { generatedPoints } from '../../../activities/theory/generated-points.ts';
import { hingeSum } from '../../../activities/theory/hinge-sum.ts';
import { equal, RATIONAL, type Rational } from '../../../activities/theory/rational.ts';
import { type Sample, sampleOf } from '../../../activities/theory/sample.ts';
import { buildTheorem1 } from '../../../activities/theory/theorem-1.ts';
import { placeBiases, type System, solve, systemIn } from '../../../activities/theory/triangle.ts';

function checkExactly(system: System<Rational>): ExactCheck {
  const checking = check(system);
  for (;;) {
    const { value, done } = checking.next();
    if (done) return value;
  }
}

const { below, normal } = stream(1, 'procedural');
const classes = (n: number) => Array.from({ length: n }, () => below(10));
const bytes = (n: number, d: number) => generatedPoints({ n, d, draw: stream(2, 'generated-points') });

async function systemOf(sample: Sample, labels: number[], projection: 'integers-53' | 'gaussian') {
  const theorem = await buildTheorem1({ sample, labels, projection, draw: stream(1, 'projection') });
  return exactSystem(sample, theorem);
}

const clusters = (length: number) =>
  Float64Array.from({ length }, (_, i) => (i < length / 2 ? 1 : 1e6) + normal());

test('the output equals the label at 2,000 of 2,000 points, with weights of at most 160 bits', async () => {
  const n = 2000;
  const checked = checkExactly(await systemOf(bytes(n, 256), classes(n), 'integers-53'));
  expect(checked.equal).toBe(n);
  expect(checked.points).toBe(n);
  expect(checked.largestBits).toBeLessThan(160); // two gaps of 53 bits at most, and small labels
});

test('so it does for real labels, and for real points under a Gaussian projection, though floats round it', async () => {
  const [n, d] = [150, 6];
  const points = sampleOf(Float64Array.from({ length: n * d }, normal), d);
  const labels = Array.from({ length: n }, normal);
  const checked = checkExactly(await systemOf(points, labels, 'gaussian'));
  expect(checked.equal).toBe(n);
});

test.each<[string, number, number, Float64Array]>([
  ['one point', 1, 3, Float64Array.of(0.1, -7, 1e-3)],
  ['one coordinate', 40, 1, Float64Array.from({ length: 40 }, normal)],
  ['more coordinates than points', 3, 60, Float64Array.from({ length: 180 }, normal)],
  ['huge values', 30, 4, Float64Array.from({ length: 120 }, () => 1e300 * normal())],
  ['tiny values', 30, 4, Float64Array.from({ length: 120 }, () => 1e-300 * normal())],
  [
    'huge beside tiny',
    30,
    4,
    Float64Array.from({ length: 120 }, (_, i) => 10 ** (i % 2 ? 150 : -150) * normal()),
  ],
  ['two clusters, neighbours a millionth of their distance apart', 60, 2, clusters(120)],
])('of %s the output equals every label too', async (_name, n, d, points) => {
  const checked = checkExactly(await systemOf(sampleOf(points, d), classes(n), 'gaussian'));
  expect(checked.equal).toBe(n);
  expect(checked.points).toBe(n);
});

test('exact projections of real points are the dot products of the fractions that floats are', async () => {
  const points = Float64Array.of(0.1, -3, 1e-20, 0.7, 2 ** -1074, 12345.678);
  const sample = sampleOf(points, 2);
  const theorem = await buildTheorem1({
    sample,
    labels: [1, 2, 3],
    projection: 'gaussian',
    draw: stream(1, 'projection'),
  });
  const { of, add, multiply } = RATIONAL;
  const [a0, a1] = [...theorem.network.a].map(of);
  const dots = [0, 2, 4].map((i) => add(multiply(a0!, of(points[i]!)), multiply(a1!, of(points[i + 1]!))));
  const system = await exactSystem(sample, theorem);
  expect([0, 1, 2].map(system.x)).toEqual([...theorem.points].map((point) => dots[point]));
});

test('summed as the formula says, hinge by hinge, the exact output is the label too', async () => {
  const system = await systemOf(bytes(60, 16), classes(60), 'integers-53');
  const w = [...solve(RATIONAL, hingeSum(RATIONAL, 'kink'), system, 'as computed')];
  const { of, add, subtract, multiply, sign } = RATIONAL;
  const output = (i: number) =>
    w.reduce((sum, weight, j) => {
      const beyond = subtract(system.x(i), system.b(j));
      return sign(beyond) > 0 ? add(sum, multiply(weight, beyond)) : sum;
    }, of(0));
  expect(w.filter((_, i) => equal(output(i), system.y(i)))).toHaveLength(60);
});

test('a bias that moves by a millionth of its gap loses labels: equality is not granted', async () => {
  const system = await systemOf(bytes(60, 16), classes(60), 'integers-53');
  const w = [...solve(RATIONAL, hingeSum(RATIONAL, 'kink'), system, 'as computed')];
  const moved: System<(typeof w)[number]> = {
    ...system,
    b: (i) => (i === 20 ? RATIONAL.add(system.b(i), RATIONAL.of(1e-6)) : system.b(i)),
  };
  const sum = hingeSum(RATIONAL, 'kink');
  const kept = w.filter((weight, i) => {
    sum.add(weight, moved.b(i));
    return equal(sum.at(moved.x(i)), moved.y(i));
  });
  expect(kept).toHaveLength(20);
});

test('weights rounded in turn make up for each other: ten times less error than rounding them alone, and float32 keeps every class', async () => {
  const n = 1000;
  const { storage } = checkExactly(await systemOf(bytes(n, 256), classes(n), 'integers-53'));
  expect(storage.float64.roundedInTurn).toBeLessThan(storage.float64.roundedAlone / 10);
  expect(storage.float64.roundedInTurn).toBeLessThan(1e-10);
  expect(storage.float32.roundedInTurn).toBeLessThan(0.5);
  expect(storage.float32.roundedAlone).toBeGreaterThan(storage.float32.roundedInTurn * 10);
});

test('biases inside the gaps are exact too, at the price of weights that grow with every point', () => {
  const x = Float64Array.from({ length: 30 }, (_, i) => i * i + i);
  const y = Float64Array.from(classes(30));
  const at = (fraction: number) => checkExactly(systemIn(RATIONAL, { x, b: placeBiases(x, fraction), y }));
  expect(at(0.75).equal).toBe(30);
  expect(at(0.75).largestBits).toBeGreaterThan(3 * at(1).largestBits);
});
