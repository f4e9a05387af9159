/** Records a function of tensors as a graph. While it is traced, tfjs runs on a backend of our own that computes
 *  nothing: every operation becomes a node, and TensorFlow infers the shape of its outputs. What depends on values
 *  cannot be recorded and is refused. */
import { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js';
import type { TensorMetadata, TFEOpAttr, TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js';
import type { NamedTensorMap, Tensor, TensorFlow } from '../load.ts';
import { nativeBackend } from '../native.ts';
import { CompileError } from './compile-error.ts';
import type { Graph, GraphLibrary } from './library.ts';
import { type AttrValue, decodeOpDef, encodeGraph, type NodeDef, type OpDef } from './messages.ts';
import { DataType, describe, type TensorSpec } from './tensor-types.ts';

export type NamedSpecs = Record<string, TensorSpec>;

/** A pure function of tensors. Both maps have the names it was compiled with; updates are new values of variables. */
export type TensorFunction = (
  inputs: NamedTensorMap,
  variables: NamedTensorMap,
) => { outputs: NamedTensorMap; updates?: NamedTensorMap };

/** `node:1`: an output of a node. */
export type Ref = string;

/** dtype: a number of `DataType`. */
export interface Described {
  dtype: number;
  shape: number[];
}

/** Changes variables: an operation on their handles, then on tensors. */
export interface Update {
  name: string;
  op: string;
  variables: string[];
  inputs: Ref[];
  /** Nodes that must have run before. */
  after: string[];
  attr: NodeDef['attr'];
}

/** A recorded function. Inputs and variables are nodes of no operation yet, `input/<name>` and `variable/<name>`:
 *  whoever builds a graph of it says what they are. */
export interface Traced {
  nodes: NodeDef[];
  /** Type and shape of every output of every node. */
  tensors: Map<Ref, Described>;
  inputs: NamedSpecs;
  variables: NamedSpecs;
  outputs: Record<string, Ref>;
  updates: Update[];
}

export const inputNode = (name: string) => `input/${name}`;
export const variableNode = (name: string) => `variable/${name}`;
export const updateNode = (name: string) => `update/${name}`;

const BACKEND = 'graph';

export function trace(
  tf: TensorFlow,
  library: GraphLibrary,
  fn: TensorFunction,
  { inputs, variables }: { inputs: NamedSpecs; variables: NamedSpecs },
): Traced {
  const recorder = new Recorder(library, nativeBackend(tf).binding);
  const backend = tracingBackend(tf);
  const before = tf.getBackend();
  backend.binding = recorder.binding;
  const ref = (tensor: Tensor) => recorder.ref(backend.idOf(tensor));
  const refs = (tensors: NamedTensorMap) =>
    Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, ref(tensor)]));
  const place = (specs: NamedSpecs, node: (name: string) => string) =>
    Object.fromEntries(
      Object.entries(specs).map(([name, spec]) => [
        name,
        backend.tensorOf(recorder.placeholder(node(name), spec)),
      ]),
    );
  let named: { outputs: Record<string, Ref>; updates: Record<string, Ref> } | undefined;
  void tf.setBackend(BACKEND); // it is there already, so it is in use when this returns
  try {
    tf.tidy(() => {
      const { outputs, updates = {} } = fn(place(inputs, inputNode), place(variables, variableNode));
      checkUpdates(updates, variables);
      named = { outputs: refs(outputs), updates: refs(updates) };
    });
  } finally {
    void tf.setBackend(before);
  }
  return {
    nodes: recorder.nodes,
    tensors: recorder.tensors(),
    inputs,
    variables,
    outputs: named!.outputs,
    updates: Object.entries(named!.updates).map(([name, value]) => ({
      name: updateNode(name),
      op: 'AssignVariableOp',
      variables: [name],
      inputs: [value],
      after: [],
      attr: { dtype: { type: DataType[variables[name]!.dtype] } },
    })),
  };
}

function checkUpdates(updates: NamedTensorMap, variables: NamedSpecs): void {
  for (const [name, { dtype, shape }] of Object.entries(updates)) {
    const variable = variables[name];
    const value = `${dtype} [${shape}]`;
    if (variable && describe(variable) === value) continue;
    throw new CompileError(
      `The new value of ${name} is ${value}, expected ${variable ? describe(variable) : 'one of the variables it was compiled with'}.`,
    );
  }
}

/** tfjs's native backend, its kernels and all, with a binding that records instead of one that computes. */
class TracingBackend extends NodeJSKernelBackend {
  /** Called when a kernel needs a tensor that lives on another backend; `values` are its own, so it can go back. */
  override move(...tensor: Parameters<NodeJSKernelBackend['move']>): void {
    super.move(...tensor);
    const [, , shape, dtype] = tensor;
    throw new CompileError(
      `The function uses a tensor ${dtype} [${shape}] that was made outside of it, and its value would be frozen: pass it as an input, or make it a variable.`,
    );
  }

  idOf(tensor: Tensor): number {
    // biome-ignore lint/complexity/useLiteralKeys: private for TypeScript alone; kernels, functions outside, use it too
    return this['getInputTensorIds']([tensor])[0]!;
  }
  tensorOf(output: TensorMetadata): Tensor {
    // biome-ignore lint/complexity/useLiteralKeys: as above
    return this['createOutputTensor'](output);
  }

  override write(...[values, shape, dtype]: Parameters<NodeJSKernelBackend['write']>) {
    const dataId = {};
    super.move(dataId, values, shape, dtype, 1);
    return dataId;
  }
}

function tracingBackend(tf: TensorFlow): TracingBackend {
  const known = tf.findBackend(BACKEND);
  if (known instanceof TracingBackend) return known;
  const { binding } = nativeBackend(tf);
  const backend = new TracingBackend(binding, '@tensorflow/tfjs-node-gpu');
  tf.registerBackend(BACKEND, () => backend);
  for (const kernel of tf.getKernelsForBackend('tensorflow')) {
    if (kernel.kernelName !== tf.GatherV2) tf.registerKernel({ ...kernel, backendName: BACKEND });
  }
  tf.registerKernel({
    kernelName: tf.GatherV2, // the package's own reads all indices back to check them
    backendName: BACKEND,
    kernelFunc: ({ inputs: { x, indices }, attrs }) => {
      const type = (value: string) => ({ type: binding.TF_ATTR_TYPE, value: typeNumber(value) });
      const attributes = [
        { name: 'batch_dims', type: binding.TF_ATTR_INT, value: Number(attrs?.batchDims) },
        { name: 'Tparams', ...type(x!.dtype) },
        { name: 'Tindices', ...type(indices!.dtype) },
        { name: 'Taxis', ...type('int32') },
      ];
      const axis = tf.scalar(Number(attrs?.axis), 'int32');
      return backend.executeSingleOutput(tf.GatherV2, attributes, [x, indices, axis] as Tensor[]);
    },
  });
  return backend;
}

const typeNumber = (dtype: string) => DataType[dtype as keyof typeof DataType];

/** Makes nodes of what tfjs asks its binding for. Ids of tensors are places in `refs`. */
class Recorder {
  readonly nodes: NodeDef[] = [];
  /** TensorFlow's own, for the shapes alone. */
  readonly #graph: Graph;
  readonly #library: GraphLibrary;
  readonly #real: TFJSBinding;
  readonly #refs: (Described & { ref: Ref })[] = [];
  readonly #definitions = new Map<string, OpDef>();

  constructor(library: GraphLibrary, real: TFJSBinding) {
    this.#library = library;
    this.#graph = library.createGraph();
    this.#real = real;
  }

  ref(id: number): Ref {
    return this.#refs[id]!.ref;
  }

  tensors(): Map<Ref, Described> {
    return new Map(this.#refs.map(({ ref, dtype, shape }) => [ref, { dtype, shape }]));
  }

  placeholder(name: string, { dtype, shape }: TensorSpec) {
    const attr = { dtype: { type: DataType[dtype] }, shape: { shape: shapeProto(shape) } };
    return this.#add({ name, op: 'Placeholder', input: [], attr })[0]!;
  }

  get binding(): TFJSBinding {
    const refuse = (): never => {
      throw new CompileError(
        'The function reads the value of a tensor, and while it is traced there are none: return the tensor as an output and read it after the call.',
      );
    };
    const overrides: Partial<TFJSBinding> = {
      createTensor: (shape, dtype, values) => this.#constant(shape, dtype, values as Float32Array),
      deleteTensor: () => {},
      tensorDataSync: refuse,
      executeOp: (op, attributes, ids, outputs) => this.#execute(op, attributes, ids, outputs),
      loadSavedModel: refuse,
      runSavedModel: refuse,
    };
    // The numbers of types and attributes are the real binding's.
    return Object.create(this.#real, Object.getOwnPropertyDescriptors(overrides));
  }

  #constant(shape: number[], dtype: number, values: Float32Array | Int32Array | Uint8Array): number {
    const tensor = { dtype, tensor_shape: shapeProto(shape), ...content(dtype, values) };
    const node = {
      name: this.#name('Const'),
      op: 'Const',
      input: [],
      attr: { dtype: { type: dtype }, value: { tensor } },
    };
    return this.#add(node)[0]!.id;
  }

  #execute(op: string, attributes: TFEOpAttr[], ids: number[], outputs: number) {
    const inputs = ids.map((id) => this.#refs[id]!);
    const attr: NodeDef['attr'] = {};
    for (const attribute of attributes) attr[attribute.name] = this.#attribute(op, attribute);
    this.#inferAttributes(op, attr, inputs);
    const metadata = this.#add({
      name: this.#name(op),
      op,
      input: inputs.map(({ ref }) => ref),
      attr,
    });
    return metadata.slice(0, outputs);
  }

  #name(op: string): string {
    return `${op}_${this.nodes.length}`;
  }

  #add(node: NodeDef): { id: number; dtype: number; shape: number[] }[] {
    const outside = node.input.filter((input) => !input.startsWith('^'));
    try {
      this.#library.importNodes(this.#graph, encodeGraph([node]), outside);
    } catch (cause) {
      throw new CompileError(`The operation ${node.op} cannot be recorded: ${message(cause)}.`, { cause });
    }
    this.nodes.push(node);
    return this.#library.outputs(this.#graph, node.name).map(({ dtype, shape: inferred }, index) => {
      // A kernel's own workspace, such as that of a fused batch norm for its gradient, has a shape that only it knows.
      const shape = inferred === null && index > 0 ? [] : inferred;
      if (shape === null || shape.includes(-1)) {
        throw new CompileError(
          `The shape of what ${node.op} gives is [${shape ?? '?'}]: it depends on values, and a recorded function has none; use an operation whose shape follows from its inputs' shapes.`,
        );
      }
      this.#refs.push({ ref: `${node.name}:${index}`, dtype, shape });
      return { id: this.#refs.length - 1, dtype, shape };
    });
  }

  /** How tfjs gives attributes, in TensorFlow's message. */
  #attribute(op: string, { name, type, value }: TFEOpAttr): AttrValue {
    const { TF_ATTR_STRING, TF_ATTR_INT, TF_ATTR_FLOAT, TF_ATTR_BOOL, TF_ATTR_TYPE, TF_ATTR_SHAPE } =
      this.#real;
    const numbers = value as number[];
    switch (type) {
      case TF_ATTR_STRING:
        return { s: Buffer.from(String(value)) };
      case TF_ATTR_INT:
        return Array.isArray(value) ? { list: { i: numbers } } : { i: Number(value) };
      case TF_ATTR_FLOAT:
        return Array.isArray(value) ? { list: { f: numbers } } : { f: Number(value) };
      case TF_ATTR_BOOL:
        return { b: Boolean(value) };
      case TF_ATTR_TYPE:
        return { type: Number(value) };
      case TF_ATTR_SHAPE:
        return { shape: shapeProto(numbers) };
      default:
        throw new CompileError(
          `The attribute ${name} of ${op} is of kind ${type}, and a recorded function can have strings, integers, floats, booleans, types and shapes.`,
        );
    }
  }

  /** Types and counts that follow from the inputs, which single operations need not be told. */
  #inferAttributes(op: string, attr: NodeDef['attr'], inputs: { dtype: number }[]): void {
    const { input_arg, attr: known } = this.#definition(op);
    let next = 0;
    for (const [place, { number_attr, type_attr, type_list_attr }] of input_arg.entries()) {
      const rest = inputs.length - next - (input_arg.length - 1 - place);
      if (number_attr) attr[number_attr] ??= { i: rest };
      const given = attr[number_attr];
      const count = given && 'i' in given ? given.i : type_list_attr ? rest : 1;
      const types = inputs.slice(next, next + count).map(({ dtype }) => dtype);
      if (type_attr && types.length > 0) attr[type_attr] ??= { type: types[0]! };
      if (type_list_attr) attr[type_list_attr] ??= { list: { type: types } };
      next += count;
    }
    const unknown = Object.keys(attr).find((name) => !known.some((one) => one.name === name));
    if (unknown) {
      const names = known.map(({ name }) => name).join(', ');
      throw new CompileError(`${op} has no attribute ${unknown}: it has ${names}.`);
    }
  }

  #definition(op: string): OpDef {
    let definition = this.#definitions.get(op);
    if (!definition) {
      try {
        definition = decodeOpDef(this.#library.opDefinition(this.#graph, op));
      } catch (cause) {
        throw new CompileError(`TensorFlow has no operation ${op}: ${message(cause)}.`, { cause });
      }
      this.#definitions.set(op, definition);
    }
    return definition;
  }
}

const shapeProto = (shape: readonly number[]) => ({ dim: shape.map((size) => ({ size })) });

/** A constant that is one value over and over takes a few bytes, whatever its shape. */
function content(dtype: number, values: Float32Array | Int32Array | Uint8Array) {
  const [first] = values;
  if (first === undefined || !values.every((value) => Object.is(value, first))) {
    return { tensor_content: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) };
  }
  if (dtype === DataType.float32) return { float_val: [first] };
  return dtype === DataType.bool ? { bool_val: [first !== 0] } : { int_val: [first] };
}

const message = (error: unknown) => (error instanceof Error ? error.message : String(error));
