/** What is measured, and what a process that measures is told. */
import { z } from 'zod';

/** Inception V3 joins when it exists. */
export const Model = z.enum(['inception', 'alexnet', 'mlp-3x512']);
export type Model = z.infer<typeof Model>;

export const NetworkTask = z.enum(['training', 'inference']);
export type NetworkTask = z.infer<typeof NetworkTask>;

/** What can be asked for: a step, a batch, or a segment of a whole training, of ours alone. */
export const Measurement = z.enum([...NetworkTask.options, 'segment']);
export type Measurement = z.infer<typeof Measurement>;

export const Precision = z.enum(['float32', 'bfloat16']);
export type Precision = z.infer<typeof Precision>;

export const BATCH = 128; // Open in the paper; 128 is usual.
export const MOMENTUM = 0.9; // Appendix A
/** A hundredth of the paper's smallest would do: what counts is that the first losses stay comparable. */
export const LEARNING_RATE = 0.001;

/** Rows and columns of the matrices of a product: 64 MiB each in float32, beyond most caches. */
export const SIDE = 4096;

/** A step of training or a batch of inference. input: a file of input.ts. */
export const NetworkJob = z.strictObject({
  task: NetworkTask,
  variant: z.string(),
  model: Model,
  precision: Precision,
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
  precision: Precision,
  threads: z.int().positive(),
  side: z.int().positive(),
});
export type ProductJob = z.infer<typeof ProductJob>;

export const Job = z.discriminatedUnion('task', [NetworkJob, ProductJob]);
export type Job = z.infer<typeof Job>;
export type Task = Job['task'];
