/** Where training starts. Open in the paper; He et al. 2015: kernels are drawn from a normal distribution, not
 *  truncated, with variance 2 / fan-in, where fan-in counts the inputs of one output (rows × columns × channels of a
 *  filter); the last, linear layer too. Biases and shifts start at 0. */
import { stream } from '../random/stream.ts';
import type { NamedArrays } from '../tensorflow/named-arrays.ts';
import type { Variable } from './layer.ts';

/** One stream of random numbers a variable, by its place in the network. */
export function initialise(variables: readonly Variable[], seed: number): NamedArrays {
  return Object.fromEntries(
    variables.map(({ name, shape, kind }, index) => {
      const data = new Float32Array(shape.reduce((product, length) => product * length, 1));
      if (kind === 'kernel') {
        const fanIn = data.length / shape.at(-1)!;
        const deviation = Math.sqrt(2 / fanIn);
        const { normal } = stream(seed, 'initialisation', index);
        for (let i = 0; i < data.length; i++) data[i] = deviation * normal();
      }
      return [name, { shape: [...shape], data }];
    }),
  );
}
