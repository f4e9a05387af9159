/** What tfjs says in general operations, in the special ones that TensorFlow optimises: a vector that a convolution's
 *  result is shifted by is a BiasAdd, which becomes part of the convolution, and so does the ReLU behind it; the sum
 *  over all rows is BiasAddGrad, and a tensor of the shape that it is reshaped to is itself. */
import { rewired } from './indexed.ts';
import type { NodeDef } from './messages.ts';
import { DataType } from './tensor-types.ts';
import type { Ref, Traced } from './trace.ts';

export function canonical(traced: Traced): Traced {
  const nodes = new Map(traced.nodes.map((node) => [`${node.name}:0`, node]));
  const shape = (ref: Ref) => traced.tensors.get(ref)!.shape;

  const rewrite = (node: NodeDef): NodeDef => {
    const { op, input, attr } = node;
    const [one = '', other = ''] = input;
    if (/^Add(V2)?$/.test(op) && nodes.get(one)?.op === 'Conv2D' && shape(other).length === 1) {
      return { ...node, op: 'BiasAdd', attr: { T: attr.T! } };
    }
    if (op === 'Sum' && isOverRows(nodes.get(other), shape(one).length) && isFalse(attr.keep_dims)) {
      return { ...node, op: 'BiasAddGrad', input: [one], attr: { T: attr.T! } };
    }
    return node;
  };
  return withoutReshapes({ ...traced, nodes: traced.nodes.map(rewrite) });
}

function withoutReshapes(traced: Traced): Traced {
  const shape = (ref: Ref) => String(traced.tensors.get(ref)!.shape);
  const replaced = new Map<Ref, Ref>();
  const gone = new Set<NodeDef>();
  for (const node of traced.nodes) {
    const [input = ''] = node.input;
    if (node.op !== 'Reshape' || shape(input) !== shape(`${node.name}:0`)) continue;
    replaced.set(`${node.name}:0`, replaced.get(input) ?? input);
    gone.add(node);
  }
  return rewired(traced, { gone, added: [], replaced });
}

/** Whether the axes of a sum are all but the last. */
function isOverRows(axes: NodeDef | undefined, rank: number): boolean {
  const value = axes?.attr.value;
  if (axes?.op !== 'Const' || !value || !('tensor' in value) || rank < 2) return false;
  const { dtype, tensor_content: bytes, int_val: repeated } = value.tensor;
  if (dtype !== DataType.int32) return false;
  const listed = bytes ? [...new Int32Array(bytes.slice().buffer)] : (repeated ?? []);
  return listed.length === rank - 1 && listed.every((axis, i) => axis === i);
}

const isFalse = (value: NodeDef['attr'][string] | undefined) =>
  value !== undefined && 'b' in value && !value.b;
