/** Where a compiled engine's images come from: data sets that lie on the device, or images that are read as they are
 *  needed. */
import type { NamedHostTensors } from '../tensorflow/compile/compile.ts';
import type { NamedTensorMap } from '../tensorflow/load.ts';
import type { Windows } from './augment.ts';
import type { DeviceSplit } from './batch.ts';
import type { StepRequest } from './engine.ts';

export type SplitName = 'train' | 'test';

/** A batch to look at, not to train on. indices: int32 [B]; windows: as it is augmented. */
export interface Look {
  indices: Int32Array;
  windows?: Windows;
}

export interface Feed {
  /** What lies on the device; empty where images are read as they are needed. */
  variables: Record<SplitName, NamedHostTensors>;
  /** The batch of a call as the network sees it: a pure function of the call's inputs and of those variables. */
  batch(split: SplitName, variables: NamedTensorMap, inputs: NamedTensorMap): DeviceSplit;
  /** Inputs of steps, a row each. */
  steps(steps: StepRequest[]): Promise<NamedHostTensors>;
  /** Inputs of looks, in calls whose rows are batches of one size. */
  looks(split: SplitName, looks: Look[]): AsyncIterable<{ size: number; inputs: NamedHostTensors }>;
  /** Whether training images can be looked at as they are augmented. */
  showsAugmented: boolean;
  close(): void;
}

/** Rows of one length behind one another. */
export function stack(rows: (Int32Array | Float32Array)[]) {
  const size = rows[0]!.length;
  const data =
    rows[0] instanceof Int32Array ? new Int32Array(rows.length * size) : new Float32Array(rows.length * size);
  for (const [row, values] of rows.entries()) data.set(values, row * size);
  return { shape: [rows.length, size], data };
}
