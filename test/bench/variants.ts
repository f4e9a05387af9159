/** Everything that is compared, and with which of ours. */
import { Precision, type Task } from './job.ts';

export type Framework = 'ours' | 'torch' | 'keras' | 'jax' | 'scipy';

export interface Variant {
  name: string;
  framework: Framework;
  precision: Precision;
  tasks: Task[];
}

const NETWORKS: Task[] = ['training', 'inference'];
const ALL: Task[] = [...NETWORKS, 'product'];

export const VARIANTS: Variant[] = [
  { name: 'ours-compiled', framework: 'ours', precision: 'float32', tasks: ALL },
  { name: 'ours-eager', framework: 'ours', precision: 'float32', tasks: NETWORKS },
  { name: 'ours-bfloat16', framework: 'ours', precision: 'bfloat16', tasks: ALL },
  { name: 'torch-eager', framework: 'torch', precision: 'float32', tasks: ALL },
  { name: 'torch-eager-channels-last', framework: 'torch', precision: 'float32', tasks: NETWORKS },
  { name: 'torch-compile', framework: 'torch', precision: 'float32', tasks: NETWORKS },
  { name: 'keras-jit', framework: 'keras', precision: 'float32', tasks: NETWORKS },
  { name: 'tf-function', framework: 'keras', precision: 'float32', tasks: ALL },
  { name: 'jax', framework: 'jax', precision: 'float32', tasks: ALL },
  { name: 'torch-autocast-bfloat16', framework: 'torch', precision: 'bfloat16', tasks: ALL },
  { name: 'torch-compile-bfloat16', framework: 'torch', precision: 'bfloat16', tasks: NETWORKS },
  { name: 'ours-refined', framework: 'ours', precision: 'float64', tasks: ['kernel'] },
  { name: 'scipy', framework: 'scipy', precision: 'float64', tasks: ['kernel'] },
  { name: 'jax-bfloat16', framework: 'jax', precision: 'bfloat16', tasks: ALL },
];

/** Ours that stands beside the peers of a precision. */
export const REFERENCES: Record<Precision, string> = {
  float32: 'ours-compiled',
  bfloat16: 'ours-bfloat16',
  float64: 'ours-refined', // a float32 factor, refined to a residual of float64's
};

/** The reference of each precision that is asked for, and what is measured against it. */
export function pairings(
  variants: readonly Variant[],
  task: Task,
): { reference: Variant; others: Variant[] }[] {
  const able = variants.filter(({ tasks }) => tasks.includes(task));
  return Precision.options.flatMap((precision) => {
    const asked = able.filter((variant) => variant.precision === precision);
    if (asked.length === 0) return [];
    const reference = variantNamed(REFERENCES[precision]);
    return [{ reference, others: asked.filter(({ name }) => name !== reference.name) }];
  });
}

export function variantNamed(name: string): Variant {
  const found = VARIANTS.find((variant) => variant.name === name);
  if (found) return found;
  throw new RangeError(
    `There is no variant ${name}; there are ${VARIANTS.map(({ name }) => name).join(', ')}.`,
  );
}
