/** AlexNet (small), Appendix A: two times convolution, max-pool and local response normalisation, then two hidden
 *  layers; 1,387,786 parameters. Padding is open in the paper: that count holds with SAME everywhere (7×7×64
 *  features), not with VALID pooling. ReLU after each convolution and before its pool, as in TensorFlow's CIFAR-10
 *  tutorial. */
import { convModule, flatten, type Layer4D, maxPool } from './convolution.ts';
import { dense, dropout, linear } from './dense.ts';
import { compose, sequence } from './layer.ts';
import type { Architecture } from './network.ts';

/** x / (1 + α·Σ x²)^β over the channel itself and four to either side; the constants of TensorFlow's CIFAR-10
 *  tutorial, which the paper does not state. */
export const localResponseNorm: Layer4D = {
  variables: [],
  apply: (x, { tf }) => tf.localResponseNormalization(x, 4, 1, 0.001 / 9, 0.75),
  structure: { op: 'local-response-norm' },
};

export function alexnet(): Architecture {
  const conv = (name: string, from: number) =>
    convModule(name, { side: 5, stride: 1, channels: { in: from, out: 64 }, batchNorm: false });

  const features = sequence(
    conv('conv-1', 3), // [B, 28, 28, 3] -> [B, 28, 28, 64]
    maxPool, // -> [B, 14, 14, 64]
    localResponseNorm,
    conv('conv-2', 64), // -> [B, 14, 14, 64]
    maxPool, // -> [B, 7, 7, 64]
    localResponseNorm,
  );
  const classifier = sequence(
    dense('dense-1', 7 * 7 * 64, 384), // [B, 3136] -> [B, 384]
    dense('dense-2', 384, 192), // -> [B, 192]
    dropout,
    linear('linear', 192, 10), // -> [B, 10]
  );
  return compose(compose(features, flatten(7 * 7 * 64)), classifier);
}
