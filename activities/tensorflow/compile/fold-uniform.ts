/** A product with a tensor that is one number over and over is a product with that number: the gradient of a mean begins
 *  with one, and TensorFlow wakes threads to spread it over rows. */
import { uniformOf } from './constants.ts';
import { indexed } from './indexed.ts';
import type { NodeDef } from './messages.ts';
import { DataType } from './tensor-types.ts';
import type { Ref, Traced } from './trace.ts';

export function foldUniform(traced: Traced): Traced {
  const graph = indexed(traced);
  const shape = (ref: Ref) => String(traced.tensors.get(ref)!.shape);
  const nodes = traced.nodes.flatMap((node): NodeDef[] => {
    if (node.op !== 'Mul' || graph.type(`${node.name}:0`) !== DataType.float32) return [node];
    const place = node.input.findIndex((ref) => graph.rank(ref) > 0 && uniformOf(graph, ref) !== undefined);
    const other = node.input[1 - place];
    if (place < 0 || shape(other!) !== shape(`${node.name}:0`)) return [node];
    const number: NodeDef = {
      name: `${node.name}/number`,
      op: 'Const',
      input: [],
      attr: {
        dtype: { type: DataType.float32 },
        value: {
          tensor: {
            dtype: DataType.float32,
            tensor_shape: { dim: [] },
            float_val: [uniformOf(graph, node.input[place]!)!],
          },
        },
      },
    };
    return [number, { ...node, input: [other!, `${number.name}:0`] }];
  });
  const tensors = new Map(traced.tensors);
  for (const { name } of nodes) {
    if (!tensors.has(`${name}:0`)) tensors.set(`${name}:0`, { dtype: DataType.float32, shape: [] });
  }
  return { ...traced, nodes, tensors };
}
