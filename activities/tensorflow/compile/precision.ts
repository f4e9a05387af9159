/** How exactly a compiled function computes. In bfloat16 (8 bits of mantissa) are the products of matrices and the
 *  convolutions, and what merely passes their results on; variables, updates, outputs, sums over many values and the
 *  statistics of batch norm stay float32. */
import type { NodeDef } from './messages.ts';
import { DataType } from './tensor-types.ts';
import type { Ref, Traced } from './trace.ts';

/** tf32: matrix products and convolutions may round their operands to 11 bits, on GPUs that know it. */
export type Precision = 'float32' | 'bfloat16' | 'tf32';

/** Which inputs and outputs of an operation are of its type T, by place; the rest keeps its own. */
interface Typed {
  inputs: number[] | 'all';
  outputs: number[];
}

const ALL: Typed = { inputs: 'all', outputs: [0] };

/** Much faster in bfloat16: their float32 operands are rounded. */
const PRODUCTS: Record<string, Typed> = {
  Conv2D: ALL,
  Conv2DBackpropInput: { inputs: [1, 2], outputs: [0] },
  Conv2DBackpropFilter: { inputs: [0, 2], outputs: [0] },
  MatMul: ALL,
  BatchMatMul: ALL,
  BatchMatMulV2: ALL,
};

/** No less exact than their operands: they stay in bfloat16 when those are. */
const PASSING: Record<string, Typed> = {
  BiasAdd: ALL,
  BiasAddGrad: ALL,
  Relu: ALL,
  ReluGrad: ALL,
  MaxPool: ALL,
  MaxPoolGrad: ALL,
  Identity: ALL,
  Reshape: { inputs: [0], outputs: [0] },
  Slice: { inputs: [0], outputs: [0] },
  FusedBatchNormV3: { inputs: [0], outputs: [0] },
  FusedBatchNormGradV3: { inputs: [0, 1], outputs: [0] },
};

export function inPrecision(precision: Precision, traced: Traced): Traced {
  return precision === 'bfloat16' ? inBfloat16(traced) : traced;
}

function inBfloat16(traced: Traced): Traced {
  const nodes: NodeDef[] = [];
  const tensors = new Map(traced.tensors);
  const casts = new Map<string, Ref>();
  const isLow = (ref: Ref) => tensors.get(ref)?.dtype === DataType.bfloat16;
  const isFloat = (ref: Ref) => isLow(ref) || tensors.get(ref)?.dtype === DataType.float32;

  const cast = (ref: Ref, to: number): Ref => {
    const from = tensors.get(ref)!;
    if (from.dtype === to || !isFloat(ref)) return ref;
    const key = `${ref} ${to}`;
    const known = casts.get(key);
    if (known) return known;
    const name = `Cast_${to === DataType.bfloat16 ? 'down' : 'up'}/${ref.replace(':', '_')}`;
    nodes.push({
      name,
      op: 'Cast',
      input: [ref],
      attr: { SrcT: { type: from.dtype }, DstT: { type: to }, Truncate: { b: false } },
    });
    const made = `${name}:0`;
    tensors.set(made, { dtype: to, shape: from.shape });
    casts.set(key, made);
    return made;
  };

  for (const node of traced.nodes) {
    const typed = typingOf(node, isLow, tensors);
    if (!typed) {
      nodes.push({ ...node, input: node.input.map((ref) => cast(ref, DataType.float32)) });
      continue;
    }
    const isTyped = (place: number) => typed.inputs === 'all' || typed.inputs.includes(place);
    const input = node.input.map((ref, place) =>
      cast(ref, isTyped(place) ? DataType.bfloat16 : DataType.float32),
    );
    nodes.push({ ...node, input, attr: { ...node.attr, T: { type: DataType.bfloat16 } } });
    for (const place of typed.outputs) {
      const output = `${node.name}:${place}`;
      const known = tensors.get(output);
      if (known) tensors.set(output, { ...known, dtype: DataType.bfloat16 });
    }
  }
  const up = (ref: Ref) => cast(ref, DataType.float32);
  const outputs = Object.entries(traced.outputs).map(([name, ref]) => [name, up(ref)] as const);
  const updates = traced.updates.map((update) => ({ ...update, inputs: update.inputs.map(up) }));
  return { ...traced, nodes, tensors, outputs: Object.fromEntries(outputs), updates };
}

/** How a node runs in bfloat16; nothing if it does not. */
function typingOf(
  { op, input, attr }: NodeDef,
  isLow: (ref: Ref) => boolean,
  tensors: Traced['tensors'],
): Typed | undefined {
  const product = PRODUCTS[op];
  if (product) return product;
  const passing = PASSING[op];
  if (passing) {
    const places = passing.inputs === 'all' ? input.keys() : passing.inputs;
    return [...places].some((place) => isLow(input[place]!)) ? passing : undefined;
  }
  if (op === 'ConcatV2') {
    const parts = input.slice(0, -1);
    return parts.every(isLow) ? { inputs: [...parts.keys()], outputs: [0] } : undefined;
  }
  if (op === 'SplitV' || op === 'Split') {
    const place = op === 'SplitV' ? 0 : 1;
    const count = 'num_split' in attr ? Object.values(attr.num_split!)[0] : 0;
    return isLow(input[place]!)
      ? { inputs: [place], outputs: Array.from({ length: Number(count) }, (_, i) => i) }
      : undefined;
  }
  if (op === 'Add' || op === 'AddV2') {
    // Gradients of two branches; or a bias, which is as exact as what it is added to.
    const rank = (ref: Ref) => tensors.get(ref)!.shape.length;
    const isBias = isLow(input[0]!) && rank(input[1]!) === 1 && rank(input[0]!) > 2;
    return input.every(isLow) || isBias ? ALL : undefined;
  }
  return undefined;
}
