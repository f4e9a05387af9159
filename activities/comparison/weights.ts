/** How far two networks' weights are apart. */
import type { NamedArrays } from '../tensorflow/named-arrays.ts';

export interface WeightComparison {
  /** Largest first; of arrays that both have in the same shape. */
  arrays: { name: string; largestDifference: number; largestValue: number }[];
  /** Names of arrays that one alone has, or in another shape. */
  unlike: string[];
}

export function compareWeights(one: NamedArrays, other: NamedArrays): WeightComparison {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  const shapeOf = (arrays: NamedArrays, name: string) => arrays[name]?.shape.join();
  const unlike = names.filter((name) => shapeOf(one, name) !== shapeOf(other, name));
  const arrays = names
    .filter((name) => !unlike.includes(name))
    .map((name) => ({ name, ...apart(one[name]!.data, other[name]!.data) }))
    .sort((first, second) => second.largestDifference - first.largestDifference);
  return { arrays, unlike };
}

function apart(one: Float32Array, other: Float32Array) {
  let largestDifference = 0;
  let largestValue = 0;
  for (let i = 0; i < one.length; i++) {
    largestDifference = Math.max(largestDifference, Math.abs(one[i]! - other[i]!));
    largestValue = Math.max(largestValue, Math.abs(one[i]!));
  }
  return { largestDifference, largestValue };
}
