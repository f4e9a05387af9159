import { expect, test } from 'vitest';
import { localResponseNorm } from '../../../activities/models/alexnet.ts';
import { loadTensorFlow } from '../../../activities/tensorflow/load.ts';
import { derivative } from '../tensorflow/derivative.ts';

const { tf } = loadTensorFlow();
const pass = { tf, weights: {}, statistics: { of: 'batch' } } as const;

const X = Array.from({ length: 11 }, (_, c) => 10 * (c + 1)); // one pixel of eleven channels

/** The formula, in float64. */
const formula = (x: number[]) =>
  x.map((value, c) => {
    const neighbours = x.slice(Math.max(0, c - 4), c + 5);
    return value / (1 + (0.001 / 9) * neighbours.reduce((sum, other) => sum + other ** 2, 0)) ** 0.75;
  });

test('local response normalisation divides by the energy of four channels to either side', () => {
  const y = tf.tidy(() => [...localResponseNorm.apply(tf.tensor4d(X, [1, 1, 1, 11]), pass).dataSync()]);
  // NumPy: x[c] / (1 + 0.001 / 9 * (x[max(0, c-4):c+5] ** 2).sum()) ** 0.75
  const expected = [
    6.99287686, 11.8427605, 14.84250691, 16.46195369, 17.14464258, 17.25835413, 17.06433276, 19.72784425,
    22.66272183, 26.0485728, 30.1721344,
  ];
  for (const [c, value] of y.entries()) expect(value).toBeCloseTo(expected[c]!, 4); // float32 of about 20
});

test('its gradient is that of finite differences', () => {
  const sum = (x: number[]) => formula(x).reduce((total, value, c) => total + c * value, 0);
  const gradient = tf.tidy(() => [
    ...tf
      .grad((x) =>
        localResponseNorm
          .apply(x.as4D(1, 1, 1, 11), pass)
          .flatten()
          .dot(tf.range(0, 11)),
      )(tf.tensor1d(X))
      .dataSync(),
  ]);
  for (const [c, value] of derivative(sum, X).entries()) expect(gradient[c]).toBeCloseTo(value, 4); // float32
});
