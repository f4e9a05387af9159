import { expect, test } from 'vitest';
import type { Interpolant } from '../../../activities/contract.ts';
import { oneVsAll } from '../../../activities/kernel/labels.ts';
import { pixelPoints } from '../../../activities/kernel/points.ts';
import { withSession } from '../../../activities/kernel/session.ts';
import { chooseKernel } from '../../../activities/linear/choose-kernel.ts';
import { fitInterpolants, type Step } from '../../../activities/linear/interpolants.ts';
import { countOf, interpolate, outputsAt } from '../../../activities/linear/kernel-machine.ts';
import { furthest, sample } from '../kernel/small.ts';
import { D, images, labels, recorded, testLabels } from './small-images.ts';

const anew: Step = (_name, _schema, work) => work();
const quiet = async () => {};

/** Of MNIST's shape, so that wavelets fit. */
const all = sample(90, 784);
const digits = { pixels: all.pixels.slice(0, 80 * 784), labels: all.labels.slice(0, 80) };
const setting = {
  d: 784,
  train: { images: digits.pixels, labels: digits.labels },
  test: { images: all.pixels.slice(80 * 784), labels: all.labels.slice(80) },
  gabor: true,
  choosing: 60,
  seed: 1,
};

test('norm, outputs and errors on new images are SciPy’s', async () => {
  const { gamma, norm, outputs, testErrors } = recorded.kernel;
  const points = pixelPoints(images.train, D);
  const [fitted, found] = await withSession(async (session) => {
    const machine = await interpolate(session, { points, labels, gamma });
    const { alpha } = machine;
    const fresh = pixelPoints(images.test, D);
    return [machine, await outputsAt(session, { alpha, centres: points, gamma }, fresh)] as const;
  });

  expect(fitted.norm / norm).toBeCloseTo(1, 8);
  expect(furthest(found, outputs)).toBeLessThan(1e-7); // a residual of 1e-9, times the condition
  expect(countOf(found, testLabels)).toEqual({ errors: testErrors, images: 7 });
  expect(furthest(fitted.outputs, oneVsAll(labels))).toBeLessThan(1e-8);
});

test('all fit everything; the data’s labels have the smallest norm of their kernel; signs are fitted too', async () => {
  const { choices, interpolants, signs } = await fitInterpolants(setting, anew, quiet);

  expect(interpolants.map(({ name, train }) => [name, train])).toEqual(
    (
      [
        'kernel',
        'kernel-gabor',
        'kernel-random-labels',
        'kernel-random-centres',
        'kernel-forced-labels',
      ] satisfies Interpolant['name'][]
    ).map((name) => [name, { errors: 0, images: 80 }]),
  );
  const [own, , random, centres, forced] = interpolants.map(({ norm }) => norm);
  expect(Math.min(random!, centres!, forced!)).toBeGreaterThan(own!);
  expect(choices.map(({ features, images: used }) => [features, used])).toEqual([
    ['pixels', 60],
    ['gabor', 60],
  ]);
  expect(signs).toMatchObject({ accuracies: Array(10).fill(1), points: 80 });
  expect(signs.estimate).toBeCloseTo(1, 12);
  expect(signs.atLeast).toBeCloseTo(1 - Math.sqrt((2 * Math.log(20)) / 800), 12);
});

test('images of another size have no wavelets', async () => {
  const small = sample(40, 49);
  const split = { images: small.pixels, labels: small.labels };
  const { interpolants } = await fitInterpolants(
    { d: 49, train: split, test: split, gabor: false, choosing: 40, seed: 1 },
    anew,
    quiet,
  );

  expect(interpolants.map(({ name }) => name)).not.toContain('kernel-gabor');
});

test('the bandwidth depends on the first training images alone, and copies among them do not count', async () => {
  const first = { images: digits.pixels.slice(0, 40 * 784), labels: digits.labels.slice(0, 40), d: 784 };
  const twice = { ...first, images: first.images.slice() };
  twice.images.copyWithin(39 * 784, 0, 784);
  const [whole, copies] = [
    await chooseKernel('pixels', first, quiet),
    await chooseKernel('pixels', twice, quiet),
  ];

  expect(whole.images).toBe(40);
  expect(copies.images).toBe(39);
  expect(copies.gamma / whole.gamma).toBeCloseTo(1, 1);
});

test('what an earlier attempt kept is not computed again', async () => {
  const kept = new Map<string, unknown>();
  const computed: string[] = [];
  const step: Step = async (name, schema, work) => {
    if (kept.has(name)) return schema.parse(kept.get(name));
    computed.push(name);
    const result = await work();
    kept.set(name, JSON.parse(JSON.stringify(result)));
    return result;
  };
  const small = { ...setting, gabor: false, choosing: 30 };
  const whole = await fitInterpolants(small, step, quiet);
  kept.delete('kernel-forced-labels');
  computed.length = 0;

  expect(await fitInterpolants(small, step, quiet)).toEqual(whole);
  expect(computed).toEqual(['kernel-forced-labels']);
});
