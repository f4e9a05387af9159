/** Convolutions of 3×3 filters by Winograd's algorithm (infra/native/winograd.cc), forward and both gradients: a quarter
 *  of the multiplications. For CPUs; float32, which bfloat16's matrix units outrun. */
import type { AttrValue, NodeDef } from './messages.ts';
import { DataType } from './tensor-types.ts';
import type { Ref, Traced } from './trace.ts';

/** What a convolution reads: its images and its filter, or the gradients in their place; and what it is called here. */
const OURS: Record<string, { op: string; inputs: [number, number] }> = {
  Conv2D: { op: 'WinogradConv2D', inputs: [0, 1] },
  Conv2DBackpropInput: { op: 'WinogradConv2DBackpropInput', inputs: [2, 1] },
  Conv2DBackpropFilter: { op: 'WinogradConv2DBackpropFilter', inputs: [0, 2] },
};

/** Channels come in vectors of the longest kind (kLanes in infra/native/vector-kernels.h). */
const LANES = 16;

const TILE = 4;

export function winograd(traced: Traced): Traced {
  const nodes = traced.nodes.map((node) => {
    const ours = OURS[node.op];
    if (!ours || !isPlain(node) || !isWorth(shapes(node, traced))) return node;
    return { name: node.name, op: ours.op, input: ours.inputs.map((i) => node.input[i]!), attr: {} };
  });
  return { ...traced, nodes };
}

interface Shapes {
  filter: number[];
  /** Of the larger grid of pixels that it goes over, [N, H, W, C]: with stride 1 and same padding the only one. */
  images: number[];
}

function shapes({ name, op, input }: NodeDef, { tensors }: Traced): Shapes {
  const shape = (ref: Ref) => tensors.get(ref)!.shape;
  const result = shape(`${name}:0`);
  if (op === 'Conv2DBackpropFilter') return { filter: result, images: shape(input[0]!) };
  return { filter: shape(input[1]!), images: op === 'Conv2D' ? shape(input[0]!) : result };
}

/** Float32, stride 1, padded to the same size, channels last. */
function isPlain({ attr }: NodeDef): boolean {
  const ones = (value: AttrValue | undefined) => {
    const list = value && 'list' in value ? value.list.i : undefined;
    return list?.every((one) => Number(one) === 1) ?? true;
  };
  const text = (value: AttrValue | undefined) =>
    value && 's' in value ? Buffer.from(value.s).toString() : undefined;
  const type = attr.T && 'type' in attr.T ? attr.T.type : undefined;
  return (
    type === DataType.float32 &&
    text(attr.padding) === 'SAME' &&
    text(attr.data_format) === 'NHWC' &&
    ones(attr.strides) &&
    ones(attr.dilations)
  );
}

/** Whether the multiplications saved are more than what tiles at the edges add and what the transforms cost, which few
 *  channels do not pay for. */
function isWorth({ filter: [rows, columns, from = 0, to = 0], images: [, height = 0, width = 0] }: Shapes) {
  const tiled = (side: number) => Math.ceil(side / TILE) * TILE;
  return (
    rows === 3 &&
    columns === 3 &&
    from % LANES === 0 &&
    to % LANES === 0 &&
    (from * to) / (from + to) >= LANES &&
    tiled(height) * tiled(width) <= 2 * height * width
  );
}
