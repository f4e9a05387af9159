/** Inception V3 (Szegedy et al. 2015, *Rethinking the Inception Architecture for Computer Vision*), layer by layer and
 *  with the names of TensorFlow's own `inception_v3` (TF-Slim), on which the paper trains ImageNet: batch norm with a
 *  shift and no scale, an auxiliary classifier on the last 17×17 block. 27,143,152 parameters for 1,000 classes;
 *  5.7 billion multiply-adds an image forward without the auxiliary classifier. TF-Slim starts its kernels with
 *  variance 2 / fan-in, as `initialise.ts` does, but truncated, and the auxiliary ones much smaller. */
import type { Tensor2D, Tensor4D, TensorFlow } from '../tensorflow/load.ts';
import type { Layer4D } from './convolution.ts';
import { dropout, linear } from './dense.ts';
import { averagePooling, factorisedConv, maxPooling } from './factorised-convolution.ts';
import { block8, block17, block35, reductionTo8, reductionTo17 } from './inception-v3-blocks.ts';
import { type Pass, sequence } from './layer.ts';
import type { Architecture } from './network.ts';

export const SIDE = 299;

/** Channels of the pooled features, which dropout and the classifier see. */
export const FEATURES = 2048;

/** Of 17×17 and 768 channels; the auxiliary classifier looks at them. */
const MIDDLE = 768;

/** What the auxiliary classifier's cross-entropy counts in the loss (TF-Slim; 0.3 in the GoogLeNet paper). */
const AUXILIARY_WEIGHT = 0.4;

/** Published, for 1,000 classes: torchvision's `inception_v3` has 27,161,264 parameters, of which 18,112 are batch
 *  norm's scales; Keras's `InceptionV3`, without scales and without the auxiliary classifier, 23,817,352 trainable
 *  ones. A class costs its column and bias in both classifiers. */
export const parametersOf = (classes: number) =>
  27_161_264 - 18_112 + (classes - 1000) * (FEATURES + 1 + MIDDLE + 1);

/** images: float32 [B, 299, 299, 3] in [−1, 1]; logits: float32 [B, classes]. */
export function inceptionV3({ classes }: { classes: number }) {
  const toMiddle = sequence(
    stem(), // [B, 299, 299, 3] -> [B, 35, 35, 192]
    block35('mixed-5b', 192, 32), // -> [B, 35, 35, 256]
    block35('mixed-5c', 256, 64), // -> [B, 35, 35, 288]
    block35('mixed-5d', 288, 64), // -> [B, 35, 35, 288]
    reductionTo17('mixed-6a', 288), // -> [B, 17, 17, 768]
    block17('mixed-6b', 128), // -> [B, 17, 17, 768]
    block17('mixed-6c', 160), // -> [B, 17, 17, 768]
    block17('mixed-6d', 160), // -> [B, 17, 17, 768]
    block17('mixed-6e', 192), // -> [B, 17, 17, 768]
  );
  const toEnd = sequence(
    reductionTo8('mixed-7a'), // -> [B, 8, 8, 1280]
    block8('mixed-7b', 1280), // -> [B, 8, 8, 2048]
    block8('mixed-7c', FEATURES), // -> [B, 8, 8, 2048]
  );
  const classifier = sequence(dropout, linear('logits', FEATURES, classes));
  const auxiliaryFeatures = auxiliaryHead();
  const auxiliaryClassifier = linear('auxiliary/logits', MIDDLE, classes);

  const fromMiddle = (middle: Tensor4D, pass: Pass) => {
    const features = toEnd.apply(middle, pass).mean<Tensor2D>([1, 2]); // 8×8 mean pool: -> [B, 2048]
    return classifier.apply(features, pass);
  };

  return {
    topFive: true,
    variables: [toMiddle, toEnd, auxiliaryFeatures, auxiliaryClassifier, classifier].flatMap(
      ({ variables }) => variables,
    ),
    apply: (images, pass) => fromMiddle(toMiddle.apply(images, pass), pass),
    applyInTraining(images, pass) {
      const middle = toMiddle.apply(images, pass);
      const auxiliary = auxiliaryFeatures.apply(middle, pass).reshape<Tensor2D>([-1, MIDDLE]);
      return {
        logits: fromMiddle(middle, pass),
        auxiliary: { logits: auxiliaryClassifier.apply(auxiliary, pass), weight: AUXILIARY_WEIGHT },
      };
    },
  } satisfies Architecture;
}

/** Pixels 0 … 255, as numbers of any type, to [−1, 1]: TensorFlow's Inception preprocessing, inside the graph. */
export function scalePixels(tf: TensorFlow, pixels: Tensor4D): Tensor4D {
  return pixels.toFloat().div(255).sub(tf.scalar(0.5)).mul(2);
}

function stem(): Layer4D {
  const by2 = { stride: 2, padding: 'valid' } as const;
  const inside = { stride: 1, padding: 'valid' } as const;
  return sequence(
    factorisedConv('conv-1a', [3, 3], by2, { in: 3, out: 32 }), // -> [B, 149, 149, 32]
    factorisedConv('conv-2a', [3, 3], inside, { in: 32, out: 32 }), // -> [B, 147, 147, 32]
    factorisedConv('conv-2b', [3, 3], { stride: 1, padding: 'same' }, { in: 32, out: 64 }), // -> [B, 147, 147, 64]
    maxPooling(3, by2), // -> [B, 73, 73, 64]
    factorisedConv('conv-3b', [1, 1], inside, { in: 64, out: 80 }), // -> [B, 73, 73, 80]
    factorisedConv('conv-4a', [3, 3], inside, { in: 80, out: 192 }), // -> [B, 71, 71, 192]
    maxPooling(3, by2), // -> [B, 35, 35, 192]
  );
}

function auxiliaryHead(): Layer4D {
  const inside = { stride: 1, padding: 'valid' } as const;
  return sequence(
    averagePooling(5, { stride: 3, padding: 'valid' }), // [B, 17, 17, 768] -> [B, 5, 5, 768]
    factorisedConv('auxiliary/conv-1x1', [1, 1], inside, { in: MIDDLE, out: 128 }), // -> [B, 5, 5, 128]
    factorisedConv('auxiliary/conv-5x5', [5, 5], inside, { in: 128, out: MIDDLE }), // -> [B, 1, 1, 768]
  );
}
