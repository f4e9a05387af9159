/** What computes a training. An engine holds weights, momenta and both splits on its device and answers with plain
 *  numbers; the loop decides what happens when. */
import type { Trajectory } from '../contract.ts';
import type { Architecture } from '../models/network.ts';
import type { TensorFlow } from '../tensorflow/load.ts';
import type { NamedArrays } from '../tensorflow/named-arrays.ts';

/** images: [n, 28, 28, 3]; labels: [n], classes 0 … 9. */
export interface Split {
  images: Float32Array;
  labels: Uint8Array;
}

export interface EngineRequest {
  trajectory: Pick<Trajectory, 'optimizer' | 'batchSize' | 'precision'>;
  network: Architecture;
  train: Split;
  test: Split;
  weights: NamedArrays;
  momenta: NamedArrays;
}

export interface Engine {
  /** A step on each batch, all of one size: indices of training images, with the learning rate of its step. Returns the
   *  loss of each, that of the weights before its step. */
  train(batches: Int32Array[], learningRates: number[]): Promise<Float32Array>;
  /** Recomputes what batch norm divides by in evaluation, with the weights as they are, over the first `images`
   *  training images; empty for a network without batch norm. float32 [C] each, by `<layer>/mean` and
   *  `<layer>/variance`. `countRight` uses them until the next call. */
  computeStatistics(images: number): Promise<NamedArrays>;
  /** Right answers among the first `images` of a split, with the latest statistics. */
  countRight(split: 'train' | 'test', images: number): Promise<number>;
  read(): Promise<{ weights: NamedArrays; momenta: NamedArrays }>;
  /** Frees all tensors. */
  dispose(): void;
}

/** Compiled or eager: see the two files. */
export type StartEngine = (tf: TensorFlow, request: EngineRequest) => Promise<Engine>;

/** 0 … count − 1 in pieces of `most`; the last one may be smaller. */
export function* ranges(count: number, most: number): Generator<{ start: number; size: number }> {
  for (let start = 0; start < count; start += most) yield { start, size: Math.min(most, count - start) };
}
