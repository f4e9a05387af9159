/** Functions of tensors and variables, compiled: what `tf.function` is to Python.
 *
 *    const program = createProgram(tf);
 *    await program.define({ w: { shape: [2], data: Float32Array.of(1, 2) } });
 *    const step = program.compile(({ x }, { w }) => ({
 *      outputs: { y: x.dot(w) },
 *      updates: { w: w.mul(0.9) },
 *    }), { variables: ['w'] });
 *    const { y } = await step.run({ x: { shape: [2], data: Float32Array.of(3, 4) } });
 *
 *  A function is traced once for every signature (names, types and shapes of its inputs) into a TensorFlow graph and
 *  runs as one call. It must be pure: what it returns may depend on its arguments alone. */
import type { TensorFlow } from '../load.ts';
import { type Assembled, assembleCall, assembleScan } from './assemble.ts';
import { canonical } from './canonical.ts';
import { CompileError } from './compile-error.ts';
import { foldUniform } from './fold-uniform.ts';
import { fuseBatchNorm } from './fuse-batch-norm.ts';
import { fuseDense } from './fuse-dense.ts';
import { fuseMomentum } from './fuse-momentum.ts';
import { gatherRows } from './gather-rows.ts';
import { living } from './indexed.ts';
import { loadGraphLibrary, type RawTensor } from './library.ts';
import {
  decodeStepStats,
  encodeConfig,
  encodeGraph,
  encodeRunOptions,
  type NodeDef,
  type NodeExecStats,
} from './messages.ts';
import { inPrecision, type Precision } from './precision.ts';
import { ownResponseNorm } from './response-norm.ts';
import { DataType, describe, type HostTensor, specOf, type TensorSpec } from './tensor-types.ts';
import { type NamedSpecs, type TensorFunction, type Traced, trace } from './trace.ts';
import { winograd } from './winograd.ts';

export type NamedHostTensors = Record<string, HostTensor>;

export interface ProgramOptions {
  precision: Precision;
}

export interface CompileOptions {
  /** Names of the program's variables that the function reads or updates. */
  variables: string[];
  /** The one signature there will be; a call with another is refused. Without it every new one is traced. */
  inputs?: NamedSpecs;
}

export interface Compiled {
  /** Calls the function. Updates are in place when the promise is kept. */
  run(inputs: NamedHostTensors): Promise<NamedHostTensors>;
  /** Calls it on row 0, 1, … of its inputs, which have one more, leading dimension: one call for all rows, each with
   *  the variables as the one before left them. Outputs come stacked likewise. */
  scan(inputs: NamedHostTensors): Promise<NamedHostTensors>;
  /** As `scan`, and where the time went. */
  profile(inputs: NamedHostTensors): Promise<{ device: string; node_stats: NodeExecStats[] }[]>;
}

export interface Program {
  /** Makes variables with these values; a name is given once. */
  define(values: NamedHostTensors): Promise<void>;
  compile(fn: TensorFunction, options: CompileOptions): Compiled;
  /** Copies of variables as they are now. */
  read(names: string[]): Promise<NamedHostTensors>;
  /** New values of variables, of the same types and shapes. */
  write(values: NamedHostTensors): Promise<void>;
  /** What it computes on, as TensorFlow calls it. */
  devices(): { name: string; type: string }[];
  /** Frees variables and graphs; nothing of the program can be used after that. */
  dispose(): void;
}

interface Variable {
  spec: TensorSpec;
  handle: string;
}

export function createProgram(tf: TensorFlow, { precision }: ProgramOptions): Program {
  const library = loadGraphLibrary();
  library.allowTensorFloat32(precision === 'tf32');
  const graph = library.createGraph();
  const session = library.createSession(
    graph,
    encodeConfig({
      allow_soft_placement: true, // counters and shapes have no kernels on a GPU
      gpu_options: { allow_growth: true },
    }),
  );
  const variables = new Map<string, Variable>();
  let functions = 0;
  const onCpu = library.devices(session).every(({ type }) => type === 'CPU');
  // Two convolutions at a time share the caches, and their threads wait for one another: a step of Inception takes a
  // seventh less time without that. Products of matrices in bfloat16 are too short for it: an MLP's takes a fifth more.
  const serial = onCpu && precision === 'float32';
  const optimised = (traced: Traced) => {
    const precise = inPrecision(precision, living(fuseMomentum(foldUniform(canonical(traced)))));
    if (!onCpu) return precise;
    const own = ownResponseNorm(fuseBatchNorm(precise));
    const vectors = library.vectorSets().length > 0 ? fuseDense(winograd(own)) : own;
    return serial ? gatherRows(vectors) : vectors; // else behind them come TensorFlow's threads, and ours are in their way
  };

  const add = (nodes: NodeDef[], outside: string[]) => {
    try {
      library.importNodes(graph, encodeGraph(nodes), outside);
    } catch (cause) {
      throw new CompileError(`The compiled graph is refused: ${(cause as Error).message}`, { cause });
    }
  };
  const variable = (name: string): Variable => {
    const known = variables.get(name);
    if (known) return known;
    throw new CompileError(
      `There is no variable ${name}: define it first. There are ${[...variables.keys()].join(', ') || 'none'}.`,
    );
  };
  const run = async (
    feeds: (RawTensor & { name: string })[],
    fetches: Record<string, string>,
    targets: string[],
    traced = false,
  ) => {
    const options = encodeRunOptions({ traced, serial });
    const { outputs, metadata } = await library.run(session, feeds, Object.values(fetches), targets, options);
    const named = Object.keys(fetches).map((name, i) => [name, hostTensor(outputs[i]!)] as const);
    return { outputs: Object.fromEntries(named), metadata };
  };
  const write = async (values: NamedHostTensors) => {
    const names = Object.keys(values);
    if (names.length === 0) return;
    const feeds = names.map((name) => raw(`variables/${name}/value`, values[name]!));
    await run(
      feeds,
      {},
      names.map((name) => `variables/${name}/assign`),
    );
  };

  return {
    async define(values) {
      for (const [name, value] of Object.entries(values)) {
        if (variables.has(name))
          throw new CompileError(`The variable ${name} is there already: write to it.`);
        const spec = specOf(value);
        variables.set(name, { spec, handle: `variables/${name}/handle:0` });
        add(variableNodes(name, spec), []);
      }
      await write(values);
    },
    async write(values) {
      for (const [name, value] of Object.entries(values))
        expectSpec(name, specOf(value), variable(name).spec);
      await write(values);
    },
    async read(names) {
      for (const name of names) variable(name);
      const fetches = Object.fromEntries(names.map((name) => [name, `variables/${name}/read:0`]));
      return (await run([], fetches, [])).outputs;
    },
    compile(fn, { variables: names, inputs }) {
      const specs = Object.fromEntries(names.map((name) => [name, variable(name).spec]));
      const handles = Object.fromEntries(names.map((name) => [name, variable(name).handle]));
      const traces = new Map<string, Traced>();
      const assembled = new Map<string, Assembled>();
      const traced = (signature: NamedSpecs) => {
        const key = JSON.stringify(signature);
        let known = traces.get(key);
        if (!known) {
          known = optimised(trace(tf, library, fn, { inputs: signature, variables: specs }));
          traces.set(key, known);
        }
        return known;
      };
      const prepare = (kind: 'call' | 'scan', given: NamedHostTensors): Assembled => {
        const signature = signatureOf(given, kind);
        if (inputs) expectSignature(signature, inputs);
        const key = `${kind} ${JSON.stringify(signature)}`;
        let known = assembled.get(key);
        if (!known) {
          const assemble = kind === 'call' ? assembleCall : assembleScan;
          known = assemble(`function-${functions++}`, traced(signature), handles);
          add(known.nodes, Object.values(handles));
          assembled.set(key, known);
        }
        return known;
      };
      const call = (kind: 'call' | 'scan', given: NamedHostTensors, profiled = false) => {
        const { feeds, fetches, target } = prepare(kind, given);
        const fed = Object.entries(feeds).map(([name, node]) => raw(node, given[name]!));
        return run(fed, fetches, [target], profiled);
      };
      return {
        run: async (given) => (await call('call', given)).outputs,
        scan: async (given) => (await call('scan', given)).outputs,
        profile: async (given) => decodeStepStats((await call('scan', given, true)).metadata!),
      };
    },
    devices: () => library.devices(session),
    dispose: () => library.closeSession(session),
  };
}

function variableNodes(name: string, { dtype, shape }: TensorSpec): NodeDef[] {
  const at = (node: string) => `variables/${name}/${node}`;
  const type = { type: DataType[dtype] };
  const dim = shape.map((size) => ({ size }));
  const typed = { dtype: type, shape: { shape: { dim } } };
  return [
    {
      name: at('handle'),
      op: 'VarHandleOp',
      input: [],
      attr: { ...typed, shared_name: { s: Buffer.from(name) } },
    },
    { name: at('value'), op: 'Placeholder', input: [], attr: typed },
    { name: at('assign'), op: 'AssignVariableOp', input: [at('handle'), at('value')], attr: { dtype: type } },
    { name: at('read'), op: 'ReadVariableOp', input: [at('handle')], attr: { dtype: type } },
  ];
}

/** Of one call; of a scan that of a row. */
function signatureOf(given: NamedHostTensors, kind: 'call' | 'scan'): NamedSpecs {
  const names = Object.keys(given).sort();
  const specs = names.map((name) => specOf(given[name]!));
  if (kind === 'scan') {
    const rows = new Set(specs.map(({ shape }) => shape[0]));
    if (rows.size !== 1 || specs.some(({ shape }) => shape.length === 0)) {
      const lengths = names.map((name, i) => `${name} ${describe(specs[i]!)}`).join(', ');
      throw new CompileError(`A scan needs inputs with one number of rows, and got ${lengths || 'none'}.`);
    }
  }
  return Object.fromEntries(
    names.map((name, i) => [name, { ...specs[i]!, shape: specs[i]!.shape.slice(kind === 'scan' ? 1 : 0) }]),
  );
}

function expectSignature(given: NamedSpecs, promised: NamedSpecs): void {
  const text = (specs: NamedSpecs) =>
    Object.keys(specs)
      .sort()
      .map((name) => `${name} ${describe(specs[name]!)}`)
      .join(', ');
  if (text(given) === text(promised)) return;
  throw new CompileError(
    `The function is called with ${text(given)}, and was compiled for ${text(promised)} alone.`,
  );
}

function expectSpec(name: string, given: TensorSpec, expected: TensorSpec): void {
  if (describe(given) === describe(expected)) return;
  throw new CompileError(`The new value of ${name} is ${describe(given)}, expected ${describe(expected)}.`);
}

const raw = (name: string, value: HostTensor) => ({
  name,
  dtype: DataType[specOf(value).dtype],
  shape: value.shape,
  data: value.data,
});

function hostTensor({
  dtype,
  shape,
  data,
}: {
  dtype: number;
  shape: number[];
  data: Uint8Array<ArrayBuffer>;
}): HostTensor {
  return {
    shape,
    data: dtype === DataType.float32 ? new Float32Array(data.buffer) : new Int32Array(data.buffer),
  };
}
