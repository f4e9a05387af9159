/** Floating-point operations of the products of matrices and the convolutions, two for a multiply-add, counted from
 *  the shapes of the operations that our own step runs: a training step has no gradient for the images, so the first
 *  layer costs two products and not three. */
import { initialise } from '../../activities/models/initialise.ts';
import type { Rank, TensorFlow } from '../../activities/tensorflow/load.ts';
import { toTensors } from '../../activities/tensorflow/named-arrays.ts';
import { trainingStep } from '../../activities/training/step.ts';
import { benchNetwork } from './input.ts';
import { MOMENTUM, type Model, type NetworkTask, SETTINGS, SIDE } from './job.ts';

/** An operation as tf.profile tells of it. */
export interface Operation {
  name: string;
  inputShapes: number[][];
  outputShapes: number[][];
}

export const PRODUCT_FLOPS = 2 * SIDE ** 3;

/** Of a kernel, half of which is the other half, and of its factor. */
export const kernelFlops = (n: number, d: number) => n ** 2 * d + n ** 3 / 3;

/** Of a training step or an inference on a batch. */
export async function countFlops(tf: TensorFlow, model: Model, task: NetworkTask): Promise<number> {
  const architecture = benchNetwork(model);
  const { batch: batchSize, side, learningRate } = SETTINGS[model];
  const weights = toTensors(tf, initialise(architecture.variables, 1));
  const images = tf.zeros<Rank.R4>([1, side, side, 3]);
  const { kernels, result } = await tf.profile(() =>
    tf.tidy(() => {
      if (task === 'inference') {
        return architecture.apply(images, { tf, weights, statistics: { of: 'batch' } });
      }
      const momenta = Object.fromEntries(
        architecture.variables.map(({ name, shape }) => [name, tf.zeros(shape)]),
      );
      const batch = { images, labels: tf.tensor1d([0], 'int32'), learningRate: tf.scalar(learningRate) };
      return trainingStep(
        tf,
        architecture,
        { momentum: MOMENTUM, weightDecay: 0 },
        { weights, momenta },
        batch,
      ).loss;
    }),
  );
  tf.dispose([weights, images, result]);
  return batchSize * kernels.reduce((sum, operation) => sum + flopsOf(operation), 0);
}

/** 0 for what is neither a product nor a convolution. */
export function flopsOf({ name, inputShapes: [a = [], b = []], outputShapes: [c = []] }: Operation): number {
  switch (name) {
    case 'BatchMatMul': // [1, n, k] · [1, k, m]: √ of all three sizes together is n·k·m
      return 2 * Math.sqrt(size(a) * size(b) * size(c));
    case 'Conv2D': // x, filter -> y
      return 2 * size(b) * positions(c);
    case 'Conv2DBackpropInput': // dy, filter -> dx
      return 2 * size(b) * positions(a);
    case 'Conv2DBackpropFilter': // x, dy -> filter
      return 2 * size(c) * positions(b);
    default:
      return 0;
  }
}

const size = (shape: number[]) => shape.reduce((product, length) => product * length, 1);

/** [B, H, W, C] -> B·H·W */
const positions = (shape: number[]) => size(shape.slice(0, 3));
