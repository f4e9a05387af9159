/** What constants of a recorded function say. */
import type { Indexed } from './indexed.ts';
import type { NodeDef } from './messages.ts';
import { DataType } from './tensor-types.ts';
import type { Ref } from './trace.ts';

/** The value of a constant that is one value over and over. */
export function constantOf(node: NodeDef | undefined): number | undefined {
  const value = node?.op === 'Const' ? node.attr.value : undefined;
  if (!value || !('tensor' in value)) return undefined;
  return value.tensor.float_val?.[0] ?? value.tensor.int_val?.[0];
}

const ARITHMETIC = new Map([
  ['Mul', (one: number, other: number) => one * other],
  ['RealDiv', (one: number, other: number) => one / other],
]);

/** The number that a float32 tensor is over and over, as far as constants, their products and quotients and other shapes
 *  of them say it. */
export function uniformOf(graph: Indexed, ref: Ref): number | undefined {
  const node = graph.node(ref);
  if (!node || graph.type(ref) !== DataType.float32) return undefined;
  if (node.op === 'Const') return constantOf(node);
  if (node.op === 'Reshape' || node.op === 'ExpandDims') return uniformOf(graph, node.input[0]!);
  const compute = ARITHMETIC.get(node.op);
  if (!compute) return undefined;
  const [left, right] = node.input.map((input) => uniformOf(graph, input));
  return left === undefined || right === undefined ? undefined : Math.fround(compute(left, right));
}
