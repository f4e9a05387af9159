/** What is measured, and what a process that measures is told. */
import { z } from 'zod';

export const Model = z.enum(['inception', 'alexnet', 'mlp-3x512', 'inception-v3']);
export type Model = z.infer<typeof Model>;

export const NetworkTask = z.enum(['training', 'inference']);
export type NetworkTask = z.infer<typeof NetworkTask>;

/** What can be asked for: a step, a batch, a segment of a whole training, of ours alone; the kernel system of Table 3;
 *  Theorem 1 beside reading its data, of ours alone. */
export const Measurement = z.enum([...NetworkTask.options, 'segment', 'kernel', 'theorem']);
export type Measurement = z.infer<typeof Measurement>;

export const Precision = z.enum(['float32', 'bfloat16', 'float64']);
export type Precision = z.infer<typeof Precision>;

/** Of networks and products. */
export const NetworkPrecision = Precision.exclude(['float64']);

/** side: of the square images. learningRate: a hundredth of the paper's smallest would do; what counts is that the first
 *  losses stay comparable. */
export interface Setting {
  classes: number;
  side: number;
  batch: number;
  learningRate: number;
}

const CIFAR10: Setting = { classes: 10, side: 28, batch: 128, learningRate: 0.001 }; // 128: open in the paper, usual
export const SETTINGS: Record<Model, Setting> = {
  inception: CIFAR10,
  alexnet: CIFAR10,
  'mlp-3x512': CIFAR10,
  // 128 of them would take ten gigabytes and a third of a minute a step. The auxiliary classifier's batch norm sees one
  // pixel of each image, and steps of 0.001 make of its rounding a hundredth of the loss.
  'inception-v3': { classes: 1000, side: 299, batch: 16, learningRate: 1e-5 },
};
export const MOMENTUM = 0.9; // Appendix A

/** Rows and columns of the matrices of a product: 64 MiB each in float32, beyond most caches. */
export const SIDE = 4096;

/** A step of training or a batch of inference. input: a file of input.ts. */
export const NetworkJob = z.strictObject({
  task: NetworkTask,
  variant: z.string(),
  model: Model,
  precision: NetworkPrecision,
  threads: z.int().positive(),
  input: z.string(),
  parameters: z.int().positive(),
  learningRate: z.number(),
  momentum: z.number(),
});
export type NetworkJob = z.infer<typeof NetworkJob>;

/** A product of two large matrices, the roof under which the others are. */
export const ProductJob = z.strictObject({
  task: z.literal('product'),
  variant: z.string(),
  model: z.literal('matrix-product'),
  precision: NetworkPrecision,
  threads: z.int().positive(),
  side: z.int().positive(),
});
export type ProductJob = z.infer<typeof ProductJob>;

/** Published for MNIST: exp(−0.02·‖x − x'‖²) on pixels / 255. */
export const GAMMA = 0.02;

/** K α = y for points of MNIST's shape, kernel included. input: a file of kernel-sample.ts. */
export const KernelJob = z.strictObject({
  task: z.literal('kernel'),
  variant: z.string(),
  model: z.literal('gaussian-kernel'),
  precision: z.literal('float64'),
  threads: z.int().positive(),
  input: z.string(),
  gamma: z.number().positive(),
});
export type KernelJob = z.infer<typeof KernelJob>;

export const Job = z.discriminatedUnion('task', [NetworkJob, ProductJob, KernelJob]);
export type Job = z.infer<typeof Job>;
export type Task = Job['task'];
