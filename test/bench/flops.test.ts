/** The published count: one forward pass of Inception (small) is 204.2 million multiply-adds an image. */
import { expect, test } from 'vitest';
import { loadTensorFlow } from '../../activities/tensorflow/load.ts';
import { countFlops, flopsOf } from './flops.ts';
import { SETTINGS } from './job.ts';

const { tf } = loadTensorFlow();
const multiplyAdds = (flops: number) => flops / 2 / SETTINGS.inception.batch;

test("Inception's forward pass has 204.2 million multiply-adds an image", async () => {
  expect(multiplyAdds(await countFlops(tf, 'inception', 'inference')) / 1e6).toBeCloseTo(204.2, 1);
});

test('a training step has three times as many, less the gradient of the images', async () => {
  const firstLayer = 28 * 28 * 3 * 3 * 3 * 96;
  const forward = multiplyAdds(await countFlops(tf, 'inception', 'inference'));
  const step = multiplyAdds(await countFlops(tf, 'inception', 'training'));
  expect(step).toBe(3 * forward - firstLayer);
});

test('an MLP has a multiply-add for each weight', async () => {
  const weights = 1_735_178 - 3 * 512 - 10; // parameters: Table 1
  expect(multiplyAdds(await countFlops(tf, 'mlp-3x512', 'inference'))).toBe(weights);
});

test("Inception V3's forward pass has the 5.7 billion multiply-adds that are published", async () => {
  const flops = await countFlops(tf, 'inception-v3', 'inference');
  expect(flops / 2 / SETTINGS['inception-v3'].batch / 1e9).toBeCloseTo(5.7, 1);
});

test('counting leaves as many tensors as it found', async () => {
  const before = tf.memory().numTensors;
  await countFlops(tf, 'alexnet', 'training');
  expect(tf.memory().numTensors).toBe(before);
});

test('a product counts two for a multiply-add, whichever factor is transposed', () => {
  const product = {
    name: 'BatchMatMul',
    inputShapes: [
      [4, 5],
      [4, 6],
    ],
    outputShapes: [[5, 6]],
  };
  expect(flopsOf(product)).toBe(2 * 4 * 5 * 6);
});

test('what is neither product nor convolution counts nothing', () => {
  expect(flopsOf({ name: 'Relu', inputShapes: [[128, 10]], outputShapes: [[128, 10]] })).toBe(0);
});
