/** Operations each alone, compiled as the engine compiles them: what they are given, and our side. Names are those of
 *  torch_parity.py. */
import { localResponseNorm } from '../../activities/models/alexnet.ts';
import { maxPool } from '../../activities/models/convolution.ts';
import { stream } from '../../activities/random/stream.ts';
import { batchNorm } from '../../activities/tensorflow/batch-norm.ts';
import { createProgram } from '../../activities/tensorflow/compile/compile.ts';
import { softmaxCrossEntropy } from '../../activities/tensorflow/cross-entropy.ts';
import type {
  NamedTensorMap,
  Tensor,
  Tensor1D,
  Tensor2D,
  Tensor4D,
  TensorFlow,
} from '../../activities/tensorflow/load.ts';
import type { NamedArrays } from '../../activities/tensorflow/named-arrays.ts';
import { drawWindows, SIDE } from '../../activities/training/augment.ts';
import { batchOf } from '../../activities/training/batch.ts';
import { arrayOf, float32, normal, under, uniform, within } from './arrays.ts';
import { labels, SEED } from './case.ts';

const IMAGES = 16;

/** <operation>/<input>, of such sizes that every part of a formula counts. */
export function operationsCase(): NamedArrays {
  const numbers = stream(SEED, 'train-gaussian-pixels', 2);
  const standard = (...shape: number[]) => arrayOf(shape, normal(numbers, 0, 1));
  const windows = drawWindows(0, IMAGES, SEED, { crop: true, flip: true });
  const integers = (values: Int32Array) => ({ shape: [IMAGES], data: Float32Array.from(values) });
  const images = arrayOf([IMAGES, SIDE, SIDE, 3], uniform(numbers, 0, 1));
  images.data.fill(0.5, 0, SIDE * SIDE * 3); // one without any contrast
  return {
    'local-response-norm/x': arrayOf([IMAGES, 14, 14, 64], normal(numbers, 0, 30)), // α·Σx² is about 1
    'local-response-norm/upstream': standard(IMAGES, 14, 14, 64),
    'batch-norm/x': arrayOf([IMAGES, 7, 7, 32], normal(numbers, 1, 0.1)), // a variance of 10·ε
    'batch-norm/shift': standard(32),
    'batch-norm/upstream': standard(IMAGES, 7, 7, 32),
    'max-pool-even/x': standard(IMAGES, 14, 14, 8), // padded behind alone
    'max-pool-even/upstream': standard(IMAGES, 7, 7, 8),
    'max-pool-odd/x': standard(IMAGES, 7, 7, 8), // padded on both sides
    'max-pool-odd/upstream': standard(IMAGES, 4, 4, 8),
    'softmax-cross-entropy/logits': arrayOf([IMAGES, 10], normal(numbers, 100, 10)), // e^x is beyond float32
    'softmax-cross-entropy/labels': labels(IMAGES),
    'softmax-cross-entropy/upstream': standard(IMAGES),
    'augmentation/images': images,
    'augmentation/top': integers(windows.top),
    'augmentation/left': integers(windows.left),
    'augmentation/flip': integers(windows.flip),
  };
}

type Differentiable = (inputs: Tensor[], given: NamedTensorMap) => Tensor;

/** Outputs, and the gradients of Σ output · upstream. */
export async function computeOperations(tf: TensorFlow, given: NamedArrays): Promise<NamedArrays> {
  const pass = { tf, weights: {}, statistics: { of: 'batch' } } as const;
  const program = createProgram(tf, { precision: 'float32' });

  const differentiated = async (operation: string, names: string[], apply: Differentiable) => {
    const compiled = program.compile(
      (given) => {
        const inputs = names.map((name) => given[name]!);
        const differentiate = tf.valueAndGrads((...current: Tensor[]) => apply(current, given));
        const { value, grads } = differentiate(inputs, given.upstream!);
        const gradients = names.map((name, i) => [`gradient-of-${name}`, grads[i]!] as const);
        return { outputs: { output: value, ...Object.fromEntries(gradients) } };
      },
      { variables: [] },
    );
    return within(operation, float32(await compiled.run(under(operation, given))));
  };
  const augment = program.compile(
    ({ images, top, left, flip }) => {
      const places = { top: top!.toInt(), left: left!.toInt(), flip: flip!.toInt() };
      const split = { images: images as Tensor4D, labels: tf.zeros([IMAGES], 'int32') as Tensor1D };
      return { outputs: { output: batchOf(tf, split, tf.range(0, IMAGES, 1, 'int32'), places).images } };
    },
    { variables: [] },
  );

  const results = {
    ...(await differentiated('local-response-norm', ['x'], ([x]) =>
      localResponseNorm.apply(x as Tensor4D, pass),
    )),
    ...(await differentiated(
      'batch-norm',
      ['x', 'shift'],
      ([x, shift]) => batchNorm(tf, x as Tensor4D, shift as Tensor1D).y,
    )),
    ...(await differentiated('max-pool-even', ['x'], ([x]) => maxPool.apply(x as Tensor4D, pass))),
    ...(await differentiated('max-pool-odd', ['x'], ([x]) => maxPool.apply(x as Tensor4D, pass))),
    ...(await differentiated('softmax-cross-entropy', ['logits'], ([logits], { labels }) =>
      softmaxCrossEntropy(tf, logits as Tensor2D, labels!.toInt() as Tensor1D),
    )),
    ...within('augmentation', float32(await augment.run(under('augmentation', given)))),
  };
  program.dispose();
  return results;
}
