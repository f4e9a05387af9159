import { expect, test } from 'vitest';
import { centreCrop } from '../../../activities/data/crop.ts';
import { whiten } from '../../../activities/data/whiten.ts';
import { stream } from '../../../activities/random/stream.ts';
import { loadTensorFlow } from '../../../activities/tensorflow/load.ts';
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
