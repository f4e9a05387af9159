/** Arrays of random numbers, and folders in their names. */
import type { Stream } from '../../activities/random/stream.ts';
import type { NamedHostTensors } from '../../activities/tensorflow/compile/compile.ts';
import type { NamedArray, NamedArrays } from '../../activities/tensorflow/named-arrays.ts';

export function arrayOf(shape: readonly number[], draw: () => number): NamedArray {
  const length = shape.reduce((product, side) => product * side, 1);
  return { shape: [...shape], data: Float32Array.from({ length }, draw) };
}

export const normal =
  ({ normal }: Stream, mean: number, deviation: number) =>
  () =>
    mean + deviation * normal();

export const uniform =
  ({ uniform }: Stream, from: number, to: number) =>
  () =>
    from + (to - from) * uniform();

export const within = <T>(folder: string, named: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(named).map(([name, value]) => [`${folder}/${name}`, value]));

/** What is in the folder, without its name. */
export const under = <T>(folder: string, named: Record<string, T>): Record<string, T> =>
  Object.fromEntries(
    Object.entries(named)
      .filter(([name]) => name.startsWith(`${folder}/`))
      .map(([name, value]) => [name.slice(folder.length + 1), value]),
  );

export const float32 = (tensors: NamedHostTensors): NamedArrays =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => [
      name,
      { shape, data: Float32Array.from(data) },
    ]),
  );
