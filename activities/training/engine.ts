/** What computes a training. An engine holds weights, momenta and both splits on its device and answers with plain
 *  numbers; the loop decides what happens when. */
import type { Accuracy, Trajectory } from '../contract.ts';
import type { Architecture } from '../models/network.ts';
import type { TensorFlow } from '../tensorflow/load.ts';
import type { NamedArrays } from '../tensorflow/named-arrays.ts';
import type { Windows } from './augment.ts';

/** images: [n, 28, 28, 3], whitened, or of a training split that is augmented [n, 32, 32, 3], pixels / 255;
 *  labels: [n], classes 0 … 9. */
export interface Split {
  images: Float32Array;
  labels: Uint8Array;
}

/** indices: training images, int32 [B]; windows: of augmented ones; dropout: what the last layer's inputs are multiplied
 *  by, float32 [B, inputs]. */
export interface StepRequest {
  indices: Int32Array;
  learningRate: number;
  windows: Windows | null;
  dropout: Float32Array | null;
}

/** Pixels of a side of a split's images. */
export const sideOf = ({ images, labels }: Split) => Math.sqrt(images.length / labels.length / 3);

export interface EngineRequest<Images = Split> {
  trajectory: Pick<Trajectory, 'optimizer' | 'batchSize' | 'precision'>;
  network: Architecture;
  train: Images;
  test: Images;
  weights: NamedArrays;
  momenta: NamedArrays;
}

/** correct: by the first guess; top5: among the first five, of networks that are held to it. */
export type Right = Pick<Accuracy, 'correct' | 'top5'>;

export interface Engine {
  /** Steps, on batches of one size. Returns the loss of each, that of the weights before its step. */
  train(steps: StepRequest[]): Promise<Float32Array>;
  /** Recomputes what batch norm divides by in evaluation, with the weights as they are, over the first `images`
   *  training images; empty for a network without batch norm. float32 [C] each, by `<layer>/mean` and
   *  `<layer>/variance`. `countRight` uses them until the next call. */
  computeStatistics(images: number): Promise<NamedArrays>;
  /** Right answers among the first `images` of a split, with the latest statistics. */
  countRight(split: 'train' | 'test', images: number): Promise<Right>;
  /** Right answers over all training images as they are augmented, batch by batch, with the latest statistics; null
   *  where they are augmented as they are read. */
  countAugmentedRight(windowsOf: (batch: number, images: number) => Windows): Promise<number | null>;
  read(): Promise<{ weights: NamedArrays; momenta: NamedArrays }>;
  /** Frees all tensors. */
  dispose(): void;
}

/** Compiled, on images that lie on the device or are streamed, or eager: see the files. */
export type StartEngine<Images = Split> = (tf: TensorFlow, request: EngineRequest<Images>) => Promise<Engine>;

/** Indices 0 … count − 1 in pieces of `most`; the last one may be smaller. */
export function* rangesOf(count: number, most: number): Generator<Int32Array> {
  for (let start = 0; start < count; start += most) {
    yield Int32Array.from({ length: Math.min(most, count - start) }, (_, i) => start + i);
  }
}
