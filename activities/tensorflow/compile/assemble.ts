/** Graphs that run a recorded function: once, or once for every row of its inputs. Pure functions from nodes to
 *  nodes. */
import { hoist } from './hoist.ts';
import type { NodeDef } from './messages.ts';
import { DataType, type TensorSpec } from './tensor-types.ts';
import { inputNode, type Ref, type Traced, type Update, variableNode } from './trace.ts';

/** Nodes under a prefix of their own, and what a run feeds, fetches and waits for. */
export interface Assembled {
  nodes: NodeDef[];
  feeds: Record<string, string>;
  fetches: Record<string, Ref>;
  /** Done when every variable has its new value. */
  target: string;
}

/** handles: the output of each variable's handle, in the graph that the nodes go into. */
export function assembleCall(prefix: string, traced: Traced, handles: Record<string, Ref>): Assembled {
  const { nodes, feeds } = placeholders(prefix, traced, (shape) => shape);
  const inputs = Object.entries(feeds).map(([name, node]) => [ref(inputNode(name)), ref(node)] as const);
  const body = bodyNodes(prefix, traced, handles, { given: new Map(inputs), after: [] });
  const fetches: Record<string, Ref> = {};
  for (const [name, output] of Object.entries(traced.outputs)) {
    // An output may be an input or a variable itself; fetching needs a node of ours.
    const node = `${prefix}/output/${name}`;
    nodes.push({ name: node, op: 'Identity', input: [body.local(output)], attr: { T: body.typeOf(output) } });
    fetches[name] = ref(node);
  }
  const target = `${prefix}/done`;
  const waitsFor = [...body.updates, ...Object.values(fetches).map((output) => output.replace(/:\d+$/, ''))];
  nodes.push(...body.nodes, noOp(target, waitsFor));
  return { nodes, feeds, fetches, target };
}

/** Runs the function on row 0, 1, … of its inputs, each row with the variables that the one before has left, and
 *  gives its outputs stacked: a loop of the dataflow graph (Switch, Merge, NextIteration), whose next iteration begins
 *  when all variables of this one are written. What is the same for every row is computed before. The number of rows is
 *  open. */
export function assembleScan(prefix: string, traced: Traced, handles: Record<string, Ref>): Assembled {
  const { nodes, feeds } = placeholders(prefix, traced, (shape) => [-1, ...shape]);
  const at = (name: string) => `${prefix}/${name}`;
  const add = (name: string, op: string, input: string[], attr: NodeDef['attr'] = {}): Ref => {
    nodes.push({ name: at(name), op, input, attr });
    return ref(at(name));
  };
  const int32 = { type: DataType.int32 };
  const constant = (name: string, value: number, after: string[] = []) =>
    add(name, 'Const', after, { dtype: int32, value: { tensor: scalar(value) } });
  const frame = Buffer.from(prefix);
  const enter = (name: string, input: Ref, type: number, isConstant: boolean) =>
    add(name, 'Enter', [input], {
      T: { type },
      frame_name: { s: frame },
      is_constant: { b: isConstant },
      parallel_iterations: { i: 1 },
    });

  const rows = constant('zero', 0);
  const [first] = Object.values(feeds);
  const count = add('rows', 'StridedSlice', shapeOf(first!), STRIDED_SLICE);
  function shapeOf(input: string): Ref[] {
    const spec = Object.values(traced.inputs)[0]!;
    const shape = add('shape', 'Shape', [ref(input)], {
      T: { type: DataType[spec.dtype] },
      out_type: int32,
    });
    const edge = (name: string, value: number) =>
      add(name, 'Const', [], { dtype: int32, value: { tensor: vector(value) } });
    return [shape, edge('shape/begin', 0), edge('shape/end', 1), edge('shape/stride', 1)];
  }

  // The counter goes round; the frame is left when it has seen every row.
  const counter = at('counter/next');
  const merged = add(
    'counter/merge',
    'Merge',
    [enter('counter/enter', rows, DataType.int32, false), counter],
    {
      T: int32,
      N: { i: 2 },
    },
  );
  const within = add('counter/less', 'Less', [merged, enter('rows/enter', count, DataType.int32, true)], {
    T: int32,
  });
  const goOn = add('go-on', 'LoopCond', [within]);
  add('counter/switch', 'Switch', [merged, goOn], { T: int32 });
  const row = add('row', 'Identity', [`${at('counter/switch')}:1`], { T: int32 });
  const inRow = `^${at('row')}`; // whatever has no input of the frame waits for this, and so belongs to it

  const given = new Map<Ref, Ref>();
  const axis = constant('axis', 0, [inRow]);
  for (const [name, { dtype }] of Object.entries(traced.inputs)) {
    const type = DataType[dtype];
    const stacked = enter(`${inputNode(name)}/enter`, ref(feeds[name]!), type, true);
    const ofRow = add(`${inputNode(name)}/row`, 'GatherV2', [stacked, row, axis], {
      Tparams: { type },
      Tindices: int32,
      Taxis: int32,
      batch_dims: { i: 0 },
    });
    given.set(ref(inputNode(name)), ofRow);
  }
  const { before, body: repeated, crossing } = hoist(traced);
  const once = recordedNodes(at('before'), traced, before, crossing, handles, {
    given: new Map(),
    after: [],
  });
  nodes.push(...once.reads, ...once.nodes);
  for (const output of crossing) {
    const { type } = once.typeOf(output);
    given.set(output, enter(`before/${output.replace(':', '/')}/enter`, once.local(output), type, true));
  }
  const entered = Object.fromEntries(
    Object.entries(handles).map(([name, handle]) => [
      name,
      enter(`${variableNode(name)}/enter`, handle, DataType.resource, true),
    ]),
  );
  const body = bodyNodes(prefix, repeated, entered, { given, after: [inRow] });
  nodes.push(...body.nodes);

  const written: string[] = [];
  const fetches: Record<string, Ref> = {};
  for (const [name, output] of Object.entries(traced.outputs)) {
    const { type } = body.typeOf(output);
    const stack = `output/${name}`;
    add(stack, 'TensorArrayV3', [count], { dtype: { type }, identical_element_shapes: { b: true } });
    const handle = ref(at(stack));
    const flowIn = `${at(stack)}:1`;
    const flow = { T: { type: DataType.float32 } };
    const next = at(`${stack}/flow/next`);
    const mergedFlow = add(
      `${stack}/flow/merge`,
      'Merge',
      [enter(`${stack}/flow/enter`, flowIn, DataType.float32, false), next],
      { ...flow, N: { i: 2 } },
    );
    add(`${stack}/flow/switch`, 'Switch', [mergedFlow, goOn], flow);
    const inner = enter(`${stack}/enter`, handle, DataType.resource, true);
    const write = add(
      `${stack}/write`,
      'TensorArrayWriteV3',
      [inner, row, body.local(output), `${at(`${stack}/flow/switch`)}:1`],
      { T: { type } },
    );
    add(`${stack}/flow/next`, 'NextIteration', [write], flow);
    written.push(at(`${stack}/write`));
    const flowOut = add(`${stack}/flow/exit`, 'Exit', [`${at(`${stack}/flow/switch`)}:0`], flow);
    const range = add(`${stack}/range`, 'Range', [rows, count, constant(`${stack}/one`, 1)], { Tidx: int32 });
    fetches[name] = add(`${stack}/gather`, 'TensorArrayGatherV3', [handle, range, flowOut], {
      dtype: { type },
    });
  }

  const one = constant('counter/one', 1, [inRow]);
  add('counter/add', 'AddV2', [row, one, ...[...body.updates, ...written].map((name) => `^${name}`)], {
    T: int32,
  });
  add('counter/next', 'NextIteration', [ref(at('counter/add'))], { T: int32 });
  add('counter/exit', 'Exit', [`${at('counter/switch')}:0`], { T: int32 });
  const target = at('done');
  nodes.push(
    noOp(target, [
      at('counter/exit'),
      ...Object.values(fetches).map((output) => output.replace(/:\d+$/, '')),
    ]),
  );
  return { nodes, feeds, fetches, target };
}

interface Placed {
  /** What refs of the recorded function are in this graph, where they are not nodes under the prefix. */
  given: ReadonlyMap<Ref, Ref>;
  /** What anything without inputs waits for. */
  after: string[];
}

/** The recorded function under the prefix, reading real inputs and variables, and its updates at the end. */
function bodyNodes(prefix: string, traced: Traced, handles: Record<string, Ref>, placed: Placed) {
  const results = [...Object.values(traced.outputs), ...traced.updates.flatMap(({ inputs }) => inputs)];
  const recorded = recordedNodes(prefix, traced, traced.nodes, results, handles, placed);
  // No variable changes before all of them are read: an update may not depend on the read of its own.
  const allRead = noOp(`${prefix}/all-read`, [...recorded.reads.map(({ name }) => name)]);
  if (recorded.reads.length === 0) allRead.input.push(...placed.after);
  const updates = traced.updates.map(
    ({ name, op, variables, inputs: values, after: earlier, attr }: Update) => ({
      name: `${prefix}/${name}`,
      op,
      input: [
        ...variables.map((variable) => handles[variable]!),
        ...values.map(recorded.local),
        ...[allRead.name, ...earlier.map((node) => `${prefix}/${node}`)].map((node) => `^${node}`),
      ],
      attr,
    }),
  );
  return {
    ...recorded,
    nodes: [...recorded.reads, ...recorded.nodes, allRead, ...updates],
    updates: updates.map(({ name }) => name),
  };
}

/** Some nodes of a recorded function under the prefix, and reads of the variables that they and `results` are of. */
function recordedNodes(
  prefix: string,
  { variables, tensors }: Traced,
  nodes: NodeDef[],
  results: Iterable<Ref>,
  handles: Record<string, Ref>,
  { given, after }: Placed,
) {
  const local = (name: Ref): Ref => given.get(name) ?? `${prefix}/${name}`;
  const computed = nodes.filter(({ op }) => op !== 'Placeholder');
  const read = new Set([...computed.flatMap(({ input }) => input), ...results]);
  const reads = Object.entries(variables)
    .filter(([name]) => read.has(ref(variableNode(name))))
    .map(([name, { dtype }]) => ({
      name: `${prefix}/${variableNode(name)}`,
      op: 'ReadVariableOp',
      input: [handles[name]!, ...after],
      attr: { dtype: { type: DataType[dtype] } },
    }));
  return {
    reads,
    nodes: computed.map((node) => ({
      ...node,
      name: `${prefix}/${node.name}`,
      input: node.input.length > 0 ? node.input.map(local) : after,
    })),
    local,
    typeOf: (output: Ref) => ({ type: tensors.get(output)!.dtype }),
  };
}

function placeholders(prefix: string, { inputs }: Traced, shaped: (shape: number[]) => number[]) {
  const feeds: Record<string, string> = {};
  const nodes = Object.entries(inputs).map(([name, { dtype, shape }]: [string, TensorSpec]) => {
    const node = `${prefix}/${inputNode(name)}`;
    feeds[name] = node;
    const dim = shaped(shape).map((size) => ({ size }));
    return {
      name: node,
      op: 'Placeholder',
      input: [] as string[],
      attr: { dtype: { type: DataType[dtype] }, shape: { shape: { dim } } } as NodeDef['attr'],
    };
  });
  return { nodes: nodes as NodeDef[], feeds };
}

const ref = (node: string): Ref => `${node}:0`;

const noOp = (name: string, after: string[]): NodeDef => ({
  name,
  op: 'NoOp',
  input: after.map((node) => `^${node.replace(/^\^/, '')}`),
  attr: {},
});

const scalar = (value: number) => ({ dtype: DataType.int32, tensor_shape: { dim: [] }, int_val: [value] });
const vector = (value: number) => ({ ...scalar(value), tensor_shape: { dim: [{ size: 1 }] } });

const STRIDED_SLICE = {
  T: { type: DataType.int32 },
  Index: { type: DataType.int32 },
  shrink_axis_mask: { i: 1 },
};
