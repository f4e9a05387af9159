import { expect, test } from 'vitest';
import { centreCrop } from '../../../activities/data/crop.ts';
import { whiten } from '../../../activities/data/whiten.ts';
import { stream } from '../../../activities/random/stream.ts';
import { loadTensorFlow, type Tensor4D } from '../../../activities/tensorflow/load.ts';
import { cutOut, drawWindows, type Windows } from '../../../activities/training/augment.ts';
import { batchOf } from '../../../activities/training/batch.ts';
import { startEagerEngine } from '../../../activities/training/eager-engine.ts';
import { request, train } from './small-training.ts';

const { tf } = loadTensorFlow();

/** Two images whose every value says where it is: image, row, column, channel. */
const ELEMENTS = 32 * 32 * 3;
const images = () =>
  tf.tensor4d(
    Float32Array.from({ length: 2 * ELEMENTS }, (_, i) => i),
    [2, 32, 32, 3],
  );

function cut(windows: Windows, indices: number[]) {
  return tf.tidy(() => {
    const int32 = (values: ArrayLike<number>) => tf.tensor1d(Int32Array.from(values), 'int32');
    const tensors = { top: int32(windows.top), left: int32(windows.left), flip: int32(windows.flip) };
    return cutOut(tf, images(), int32(indices), tensors).arraySync();
  });
}

const at = (image: number, row: number, column: number) => image * ELEMENTS + (row * 32 + column) * 3;

test('a window is 28 rows and columns of its image from its corner on', () => {
  const one = (value: number) => Int32Array.of(value);
  const [window] = cut({ top: one(4), left: one(1), flip: one(0) }, [1]);
  expect([window!.length, window![0]!.length]).toEqual([28, 28]);
  expect(window![0]![0]).toEqual([at(1, 4, 1), at(1, 4, 1) + 1, at(1, 4, 1) + 2]);
  expect(window![27]![27]![0]).toBe(at(1, 31, 28));
});

test('a flip turns columns round, and neither rows nor channels; images of a batch have windows of their own', () => {
  const windows = { top: Int32Array.of(0, 2), left: Int32Array.of(3, 0), flip: Int32Array.of(1, 0) };
  const [flipped, plain] = cut(windows, [0, 1]);
  expect(flipped![5]![0]).toEqual([at(0, 5, 30), at(0, 5, 30) + 1, at(0, 5, 30) + 2]);
  expect(flipped![5]![27]![0]).toBe(at(0, 5, 3));
  expect(plain![0]![0]![0]).toBe(at(1, 2, 0));
});

test('windows are uniform over the 25 places, and flips over both sides', () => {
  const n = 50_000;
  const { top, left, flip } = drawWindows(3, n, 1, { crop: true, flip: true });
  const places = new Array<number>(25).fill(0);
  for (let i = 0; i < n; i++) places[top[i]! * 5 + left[i]!]!++;
  const deviation = Math.sqrt(n * (1 / 25) * (24 / 25));
  for (const found of places) expect(Math.abs(found - n / 25)).toBeLessThan(4.5 * deviation);
  const flips = flip.reduce((sum, side) => sum + side, 0);
  expect(Math.abs(flips - n / 2)).toBeLessThan(4 * Math.sqrt(n / 4));
});

test('crops without flips are the crops with flips, and the other way round', () => {
  const both = drawWindows(7, 20, 1, { crop: true, flip: true });
  const crops = drawWindows(7, 20, 1, { crop: true, flip: false });
  const flips = drawWindows(7, 20, 1, { crop: false, flip: true });
  expect([crops.top, crops.left]).toEqual([both.top, both.left]);
  expect(flips.flip).toEqual(both.flip);
  expect([...crops.flip, ...flips.top, ...flips.left]).toEqual([...Array(20).fill(0), ...Array(40).fill(2)]);
});

test('every step and every seed has windows of its own', () => {
  const of = (step: number, seed: number) => [...drawWindows(step, 20, seed, { crop: true, flip: true }).top];
  expect(of(1, 1)).toEqual(of(1, 1));
  expect(of(2, 1)).not.toEqual(of(1, 1));
  expect(of(1, 2)).not.toEqual(of(1, 1));
});

test('without a window an augmented image looks as it does without augmentation', () => {
  const { below } = stream(1, 'procedural');
  const bytes = Uint8Array.from({ length: ELEMENTS }, () => below(256));
  const seen = tf.tidy(() => {
    const stored = tf.tensor4d(
      Float32Array.from(bytes, (pixel) => pixel / 255),
      [1, 32, 32, 3],
    );
    const split = { images: stored, labels: tf.tensor1d([5], 'int32') };
    return batchOf(tf, split, tf.tensor1d([0], 'int32'), null).images.dataSync();
  });
  const expected = whiten(Float64Array.from(centreCrop(bytes), (pixel) => pixel / 255));
  for (const [i, value] of expected.entries()) expect(Math.abs(seen[i]! - value)).toBeLessThan(1e-5); // float32
});

test('an augmented training is the same compiled and eager, and differs from one that is not', async () => {
  const asked = request('mlp-1x512', { images: 12, batchSize: 6, steps: 5, everySteps: 5 });
  const { uniform } = stream(2, 'procedural');
  const whole = {
    images: Float32Array.from({ length: 12 * ELEMENTS }, uniform),
    labels: asked.train.labels,
  };
  const of = (crop: boolean, flip: boolean) => ({
    ...asked,
    train: whole,
    trajectory: { ...asked.trajectory, augmentation: { crop, flip } },
  });
  const losses = async (...run: Parameters<typeof train>) => [...(await train(...run)).finished.state.losses];
  const compiled = await losses(tf, of(true, true));
  const eager = await losses(tf, of(true, true), startEagerEngine);
  for (const [i, loss] of eager.entries()) expect(compiled[i]! / loss).toBeCloseTo(1, 5);
  expect(await losses(tf, of(true, false))).not.toEqual(compiled);
  expect(await losses(tf, of(false, false))).not.toEqual(compiled);
});

/** One image whose value is its row, or its column, in all channels. */
const ramp = (of: 'row' | 'column') =>
  tf.tensor4d(
    Float32Array.from({ length: ELEMENTS }, (_, i) => {
      const pixel = Math.floor(i / 3);
      return of === 'row' ? Math.floor(pixel / 32) : pixel % 32;
    }),
    [1, 32, 32, 3],
  );

function rotated(angle: number, image: Tensor4D) {
  return tf.tidy(() => {
    const int32 = (value: number) => tf.tensor1d([value], 'int32');
    const turn = { cosine: tf.tensor1d([Math.cos(angle)]), sine: tf.tensor1d([Math.sin(angle)]) };
    return cutOut(tf, image, int32(0), {
      top: int32(2),
      left: int32(2),
      flip: int32(0),
      turn,
    }).arraySync()[0]!;
  });
}

test('rotated by nothing an image is itself', () => {
  const whole = rotated(0, ramp('column'));
  expect(whole.map((row) => row.map(([value]) => value))).toEqual(
    Array.from({ length: 28 }, () => Array.from({ length: 28 }, (_, i) => i + 2)),
  );
});

test('a quarter turn anticlockwise brings the right-hand column to the top', () => {
  const columns = rotated(Math.PI / 2, ramp('column'));
  const rows = rotated(Math.PI / 2, ramp('row'));
  // the window's corner lies at row 2, column 2: there comes what was at row 2, column 29
  expect(columns[0]![0]![0]).toBeCloseTo(29, 4);
  expect(rows[0]![0]![0]).toBeCloseTo(2, 4);
  expect(columns[27]![0]![0]).toBeCloseTo(2, 4);
});

test('between pixels a rotated image is the weighted mean of the four around', () => {
  const angle = 0.3;
  const ramps = rotated(angle, ramp('column'));
  const [y, x] = [3 - 15.5 + 2, 20 - 15.5 + 2]; // of the window's row 3, column 20, from the centre
  expect(ramps[3]![20]![0]).toBeCloseTo(15.5 + Math.cos(angle) * x - Math.sin(angle) * y, 4); // a ramp is linear
});

test('angles are uniform up to 25° either way, and there are none without rotation', () => {
  const { turn } = drawWindows(0, 20_000, 1, { crop: false, flip: false, rotate: true });
  const degrees = Array.from(turn!.sine, (sine) => (Math.asin(sine) * 180) / Math.PI);
  expect(Math.max(...degrees)).toBeLessThanOrEqual(25);
  expect(Math.max(...degrees)).toBeGreaterThan(24.9);
  const mean = degrees.reduce((sum, angle) => sum + angle, 0) / degrees.length;
  expect(Math.abs(mean)).toBeLessThan((4 * 25) / Math.sqrt(3 * 20_000));
  expect(drawWindows(0, 3, 1, { crop: true, flip: true }).turn).toBeUndefined();
});

test('a run that augments tells its accuracy on augmented images too, the same compiled and eager', async () => {
  const asked = request('mlp-1x512', { images: 20, batchSize: 8, steps: 6, everySteps: 6 });
  const { uniform } = stream(2, 'procedural');
  const train20 = {
    images: Float32Array.from({ length: 20 * ELEMENTS }, uniform),
    labels: asked.train.labels,
  };
  const augmentation = { crop: true, flip: true, rotate: true };
  const augmented = { ...asked, train: train20, trajectory: { ...asked.trajectory, augmentation } };
  const compiled = (await train(tf, augmented)).finished;
  const eager = (await train(tf, augmented, startEagerEngine)).finished;
  expect(compiled.augmented).toEqual(eager.augmented);
  expect(compiled.augmented?.images).toBe(20);
  expect(compiled.augmented?.correct).toBeGreaterThan(2); // six steps beat guessing; without any it is 2 of 20
  expect((await train(tf, asked)).finished.augmented).toBeNull();
  for (const [i, loss] of eager.state.losses.entries())
    expect(compiled.state.losses[i]! / loss).toBeCloseTo(1, 4);
});
