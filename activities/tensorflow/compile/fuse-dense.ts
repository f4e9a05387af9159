/** Fully connected layers as operations of our own (infra/native/dense.cc): x·w + b with its ReLU, the gradient in x with
 *  the ReLU's before it, the gradients in w and b, and the momentum behind them in place. For CPUs; float32. */
import { indexed, nodeOf, rewired, unchanged } from './indexed.ts';
import type { NodeDef } from './messages.ts';
import { DataType } from './tensor-types.ts';
import { type Ref, type Traced, type Update, variableNode } from './trace.ts';

const IN_PLACE = 'DenseMomentum';
/** Columns of a panel: kPanel of dense.cc. */
const PANEL = 32;

export function fuseDense(traced: Traced): Traced {
  const graph = indexed(traced);
  const replaced = new Map<Ref, Ref>();
  const gone = new Set<NodeDef>();
  const added: NodeDef[] = [];
  const tensors = new Map(traced.tensors);
  const fixed = unchanged(traced);
  const updates = new Map(traced.updates.map((update) => [update.name, update]));
  const shapeOf = (ref: Ref) => traced.tensors.get(ref)!.shape;
  const onlyReader = (ref: Ref): NodeDef | undefined => {
    const [reader, ...others] = graph.readers(ref);
    return others.length === 0 ? (reader ?? undefined) : undefined;
  };
  const put = (node: NodeDef, instead: NodeDef[], output: Ref) => {
    added.push(node);
    for (const old of instead) gone.add(old);
    replaced.set(output, `${node.name}:0`);
  };

  /** Of a kernel that no update changes: a scan makes them once. */
  const panelsOf = (w: Ref): Ref => {
    const name = `${nodeOf(w)}/panels`;
    if (!added.some((node) => node.name === name)) {
      const [k, n] = shapeOf(w) as [number, number];
      added.push({ name, op: 'DensePanels', input: [w], attr: {} });
      tensors.set(`${name}:0`, { dtype: DataType.float32, shape: [Math.ceil(n / PANEL), k, PANEL] });
    }
    return `${name}:0`;
  };

  const layer = (product: NodeDef) => {
    const sum = onlyReader(`${product.name}:0`);
    if (!sum || !/^(Add(V2)?|BiasAdd)$/.test(sum.op)) return;
    const bias = sum.input.find((ref) => ref !== `${product.name}:0`);
    if (!bias || String(shapeOf(bias)) !== String(shapeOf(`${product.name}:0`).slice(1))) return;
    const next = onlyReader(`${sum.name}:0`);
    const relu = next?.op === 'Relu' ? next : undefined;
    const fused = relu ? [product, sum, relu] : [product, sum];
    const [x, w] = product.input as [Ref, Ref];
    put(
      {
        name: `${product.name}/dense`,
        op: 'Dense',
        input: [x, fixed.has(w) ? panelsOf(w) : w, bias],
        attr: { relu: { b: relu !== undefined } },
      },
      fused,
      `${fused.at(-1)!.name}:0`,
    );
  };

  const inputGradient = (product: NodeDef) => {
    const next = onlyReader(`${product.name}:0`);
    const relu = next?.op === 'ReluGrad' && next.input[0] === `${product.name}:0` ? next : undefined;
    const fused = relu ? [product, relu] : [product];
    const masks = relu ? [relu.input[1]!] : [];
    put(
      {
        name: `${product.name}/dense`,
        op: 'DenseBackpropInput',
        input: [...product.input, ...masks],
        attr: { N: { i: masks.length } },
      },
      fused,
      `${fused.at(-1)!.name}:0`,
    );
  };

  const kernelGradient = (product: NodeDef) => {
    const [x, dy] = product.input as [Ref, Ref];
    // What is computed of the sums might lead back to the update that would give them.
    const isLast = (node: NodeDef) => graph.readers(`${node.name}:0`).every((reader) => reader === null);
    const sums = graph.readers(dy).find((reader) => reader?.op === 'BiasAddGrad' && isLast(reader));
    const step = traced.updates.find(
      ({ op, inputs }) => op === 'ResourceApplyMomentum' && inputs[1] === `${product.name}:0`,
    );
    const inPlace = step && graph.readers(`${product.name}:0`).length === 1 && momentum(step, x, dy);
    if (inPlace) {
      updates.set(step.name, inPlace);
      gone.add(product);
      if (sums) replaced.set(`${sums.name}:0`, `${inPlace.name}:0`);
    } else {
      const name = `${product.name}/dense`;
      put({ name, op: 'DenseBackpropKernel', input: [x, dy], attr: {} }, [product], `${product.name}:0`);
      if (sums) replaced.set(`${sums.name}:0`, `${name}:1`);
    }
    if (sums) gone.add(sums);
  };

  /** Writes where the variables' values lie: by then, everybody who reads them must be done, and have handed them to
   *  nobody. Products that are no update themselves are. */
  const momentum = ({ name, variables, inputs: [rate, , decay] }: Update, x: Ref, dy: Ref) => {
    const [w, v] = variables.map((variable) => `${variableNode(variable)}:0`) as [Ref, Ref];
    const isDone = (reader: NodeDef | null) =>
      reader !== null && ['neither', 'right'].includes(transposed(reader, traced) ?? '');
    if (![w, v].every((ref) => graph.readers(ref).every(isDone))) return undefined;
    return { name, op: IN_PLACE, variables: [], inputs: [x, dy, w, v, rate!, decay!], after: [], attr: {} };
  };

  const rewrites = { neither: layer, right: inputGradient, left: kernelGradient };
  for (const node of traced.nodes) {
    const kind = transposed(node, traced);
    if (kind) rewrites[kind](node);
  }
  return lastOfAll(
    rewired({ ...traced, tensors, updates: [...updates.values()] }, { gone, added, replaced }),
  );
}

/** Updates in place come after every other reader of what they change. */
function lastOfAll(traced: Traced): Traced {
  const graph = indexed(traced);
  const updates = traced.updates.map((update) => {
    if (update.op !== IN_PLACE) return update;
    const [, , w, v] = update.inputs as [Ref, Ref, Ref, Ref];
    const readers = [w, v].flatMap((ref) => graph.readers(ref).filter((reader) => reader !== null));
    return { ...update, after: readers.map(({ name }) => name) };
  });
  return { ...traced, updates };
}

/** Which factor of a product of two float32 matrices is transposed, if the node is one. */
function transposed(
  { op, input, attr }: NodeDef,
  { tensors }: Traced,
): 'neither' | 'left' | 'right' | undefined {
  const names = { MatMul: ['transpose_a', 'transpose_b'], BatchMatMulV2: ['adj_x', 'adj_y'] }[op];
  if (!names || !input.every((ref) => isMatrix(tensors.get(ref)!))) return undefined;
  const [left, right] = names.map((name) => {
    const value = attr[name];
    return value !== undefined && 'b' in value && value.b;
  });
  if (left && right) return undefined;
  return left ? 'left' : right ? 'right' : 'neither';
}

const isMatrix = ({ dtype, shape }: { dtype: number; shape: number[] }) =>
  dtype === DataType.float32 && shape.length === 2;
