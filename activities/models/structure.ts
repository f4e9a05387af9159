/** What a layer computes, as data that needs no TensorFlow: for pictures and counts. It is made where the layer is
 *  made, from the same variables and sizes. */
import type { Rank } from '../tensorflow/load.ts';
import type { Layer, Variable } from './layer.ts';

export type Structure =
  /** SAME padding; then `offset` (a bias, or batch norm with a shift) and ReLU. */
  | { op: 'convolution'; kernel: Variable<Rank.R4>; offset: Variable<Rank.R1>; stride: number }
  | { op: 'max-pool'; side: number; stride: number }
  /** Over all rows and columns. */
  | { op: 'mean-pool' }
  | { op: 'local-response-norm' }
  | { op: 'flatten' }
  | { op: 'dense'; kernel: Variable<Rank.R2>; bias: Variable<Rank.R1>; relu: boolean }
  | { op: 'sequence'; parts: Structure[] }
  /** On the same input, outputs behind one another in the channels. */
  | { op: 'concat'; branches: Structure[] }
  | { op: 'module'; kind: ModuleKind; name: string; inside: Structure };

/** Figure 3's names of what is built of conv modules. */
export type ModuleKind = 'Inception' | 'Downsample';

/** What leaves its input as it is, unless a run asks for more (dropout). */
export const IDENTITY: Structure = { op: 'sequence', parts: [] };

/** Of layers that belong together; undefined when one of them does not say what it computes. */
export function structuresOf(layers: Pick<Layer<never, never>, 'structure'>[]): Structure[] | undefined {
  const known = layers.flatMap(({ structure }) => structure ?? []);
  return known.length === layers.length ? known : undefined;
}
