/** Batch norm, ReLU and the concatenation behind them in one operation, and their gradients in another
 *  (infra/native/batch-norm.cc): memory is what they cost, and so they go over it half as often. For CPUs. */
import { constantOf } from './constants.ts';
import { type Indexed, indexed, rewired } from './indexed.ts';
import type { NodeDef } from './messages.ts';
import { DataType } from './tensor-types.ts';
import type { Ref, Traced } from './trace.ts';

/** One part of a concatenation: a normalised one, or any other tensor. */
interface Branch {
  x: Ref;
  norm: { node: NodeDef; relu: NodeDef; gradient: { relu: NodeDef; norm: NodeDef } | null } | null;
}

export function fuseBatchNorm(traced: Traced): Traced {
  const graph = indexed(traced);
  const replaced = new Map<Ref, Ref>();
  const gone = new Set<NodeDef>();
  const added: NodeDef[] = [];

  const fuse = (output: NodeDef, branches: Branch[], split: NodeDef | null) => {
    const first = branches.find(({ norm }) => norm)!.norm!.node;
    const name = `BatchNormReluConcat_${added.length}`;
    const count = branches.length;
    const type = { type: traced.tensors.get(branches[0]!.x)!.dtype };
    const nothing = `${name}/no-shift`;
    const shifts = branches.map(({ norm }) => norm?.node.input[2] ?? `${nothing}:0`);
    added.push(emptyVector(nothing), {
      name,
      op: 'BatchNormReluConcat',
      input: [...branches.map(({ x }) => x), ...shifts],
      attr: { N: { i: count }, T: type, epsilon: first.attr.epsilon! },
    });
    const at = (list: number, place: number): Ref => `${name}:${1 + list * count + place}`;
    replaced.set(`${output.name}:0`, `${name}:0`);
    gone.add(output);
    for (const [place, { norm }] of branches.entries()) {
      if (!norm) continue;
      gone.add(norm.node).add(norm.relu);
      replaced.set(`${norm.node.name}:1`, at(0, place)).set(`${norm.node.name}:2`, at(1, place));
    }

    const normed = branches.filter(({ norm }) => norm);
    if (!normed.every(({ norm }) => norm?.gradient)) return;
    const dy = split ? split.input[0]! : normed[0]!.norm!.gradient!.relu.input[0]!;
    const sum = graph.node(dy);
    const isOwnSum = sum && (sum.op === 'Add' || sum.op === 'AddV2') && graph.readers(dy).length === 1;
    const dys = isOwnSum && sameShapes(traced, [dy, ...sum.input]) ? sum.input : [dy];
    if (dys.length > 1) gone.add(sum!);
    const gradient = `${name}/gradient`;
    const lists = (list: number) => branches.map((_, place) => at(list, place));
    added.push({
      name: gradient,
      op: 'BatchNormReluConcatGrad',
      input: [...dys, ...branches.map(({ x }) => x), ...shifts, ...lists(0), ...lists(2)],
      attr: { N: { i: count }, M: { i: dys.length }, T: type },
    });
    if (split) gone.add(split);
    for (const [place, { norm }] of branches.entries()) {
      if (norm) {
        gone.add(norm.gradient!.relu).add(norm.gradient!.norm);
        replaced.set(`${norm.gradient!.norm.name}:0`, `${gradient}:${place}`);
        replaced.set(`${norm.gradient!.norm.name}:2`, `${gradient}:${count + place}`);
      } else replaced.set(`${split!.name}:${place}`, `${gradient}:${place}`);
    }
  };

  const taken = new Set<NodeDef>();
  for (const node of traced.nodes.filter(({ op }) => op === 'ConcatV2')) {
    const found = concatenation(graph, node);
    if (!found) continue;
    for (const { norm } of found.branches) if (norm) taken.add(norm.node);
    fuse(node, found.branches, found.split);
  }
  for (const node of traced.nodes.filter(({ op }) => op === 'FusedBatchNormV3')) {
    const branch = taken.has(node) || !isOurs(graph, node) ? null : alone(graph, node);
    if (branch?.norm) fuse(branch.norm.relu, [branch], null);
  }

  return rewired(traced, { gone, added, replaced });
}

/** A concatenation of which a part at least is normalised, and the split that its gradient goes through. */
function concatenation(graph: Indexed, node: NodeDef): { branches: Branch[]; split: NodeDef | null } | null {
  const parts = node.input.slice(0, -1);
  const rank = graph.rank(parts[0]!);
  if (constantOf(graph.node(node.input.at(-1)!)) !== rank - 1) return null; // ours goes along the channels
  const branches: Branch[] = [];
  const splits = new Set<NodeDef>();
  for (const [place, part] of parts.entries()) {
    const relu = graph.node(part);
    const norm = relu?.op === 'Relu' ? graph.node(relu.input[0]!) : undefined;
    if (!relu || !norm || !isOurs(graph, norm)) {
      branches.push({ x: part, norm: null });
      continue;
    }
    const [gradient, ...more] = graph.readers(part).filter((reader) => reader !== node);
    const found = gradient === undefined ? null : gradientOf(graph, norm, relu, gradient);
    if (found === undefined || more.length > 0 || !isInner(graph, norm, relu)) return null;
    if (found) {
      const split = graph.node(found.relu.input[0]!);
      if (split?.op !== 'SplitV' || found.relu.input[0] !== `${split.name}:${place}`) return null;
      splits.add(split);
    }
    branches.push({ x: norm.input[0]!, norm: { node: norm, relu, gradient: found } });
  }
  const normed = branches.flatMap(({ norm }) => norm ?? []);
  const withGradient = normed.filter(({ gradient }) => gradient);
  if (normed.length === 0 || splits.size > 1) return null;
  if (new Set(normed.map(({ node: { attr } }) => JSON.stringify(attr.epsilon))).size > 1) return null;
  if (withGradient.length > 0 && withGradient.length < normed.length) return null;
  return { branches, split: [...splits][0] ?? null };
}

/** A normalised tensor of which there is no concatenation. */
function alone(graph: Indexed, norm: NodeDef): Branch | null {
  const [relu] = graph.readers(`${norm.name}:0`);
  if (relu?.op !== 'Relu' || !isInner(graph, norm, relu)) return null;
  const gradients = graph.readers(`${relu.name}:0`).filter((reader) => reader?.op === 'ReluGrad');
  const found = gradients.length === 0 ? null : gradientOf(graph, norm, relu, gradients[0]!);
  if (found === undefined || gradients.length > 1) return null;
  return { x: norm.input[0]!, norm: { node: norm, relu, gradient: found } };
}

/** Whether a batch norm is the one that ours computes: by the batch's statistics, over the last axis, scaled by 1. */
function isOurs(graph: Indexed, { op, input, attr }: NodeDef): boolean {
  if (op !== 'FusedBatchNormV3' || !attr.is_training || !attr.data_format) return false;
  const isTraining = 'b' in attr.is_training && attr.is_training.b;
  const isLast = 's' in attr.data_format && Buffer.from(attr.data_format.s).toString() === 'NHWC';
  return isTraining && isLast && constantOf(graph.node(input[1]!)) === 1;
}

/** Whether nobody but the ReLU reads the normalised tensor. */
const isInner = (graph: Indexed, norm: NodeDef, relu: NodeDef) =>
  graph.readers(`${norm.name}:0`).every((reader) => reader === relu);

/** The gradient through ReLU and batch norm that `reader` begins; undefined when it is something else. */
function gradientOf(
  graph: Indexed,
  norm: NodeDef,
  relu: NodeDef,
  reader: NodeDef | null,
): { relu: NodeDef; norm: NodeDef } | undefined {
  if (reader?.op !== 'ReluGrad' || reader.input[1] !== `${relu.name}:0`) return undefined;
  const [next, ...more] = graph.readers(`${reader.name}:0`);
  const isIts = next?.op === 'FusedBatchNormGradV3' && next.input[3] === `${norm.name}:3`;
  const scaleIsRead = next && graph.readers(`${next.name}:1`).length > 0;
  return isIts && more.length === 0 && !scaleIsRead ? { relu: reader, norm: next } : undefined;
}

const sameShapes = ({ tensors }: Traced, refs: Ref[]) =>
  new Set(refs.map((ref) => `${tensors.get(ref)!.dtype} ${tensors.get(ref)!.shape}`)).size === 1;

const emptyVector = (name: string): NodeDef => ({
  name,
  op: 'Const',
  input: [],
  attr: {
    dtype: { type: DataType.float32 },
    value: { tensor: { dtype: DataType.float32, tensor_shape: { dim: [{ size: 0 }] } } },
  },
});
