/** Linear algebra on TensorFlow in float32 and float64 (tfjs has no float64): nodes are added one by one, and a run
 *  computes some of them on a thread of its own. Matrices stay in variables of the session; what crosses are vectors. */
import { type GraphLibrary, loadGraphLibrary } from '../tensorflow/compile/library.ts';
import { type AttrValue, encodeConfig, encodeGraph, type NodeDef } from '../tensorflow/compile/messages.ts';

export type Real = 'float32' | 'float64';

/** An output of a node: `node:0`. */
export type Ref = string;

export type Reals = Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** A matrix that stays. */
export interface Variable {
  type: Real;
  shape: number[];
  handle: Ref;
  /** What it holds when a run reads it. */
  value: Ref;
}

export interface Feed {
  at: Ref;
  type: Real;
  shape: number[];
  data: Reals;
}

export interface Session {
  /** The first output of a new node. */
  node(op: string, input: Ref[], attr?: Record<string, AttrValue>): Ref;
  variable(type: Real, shape: number[]): Variable;
  placeholder(type: Real, shape: number[]): Ref;
  /** Sets a variable, for the runs after it. */
  write(variable: Variable, data: Reals): Promise<void>;
  /** Computes the targets, which are nodes without results, and the fetches. */
  run(request: { feeds?: Feed[]; fetches?: Ref[]; targets?: Ref[] }): Promise<Reals[]>;
  /** Frees every variable. */
  close(): void;
}

/** tensorflow/core/framework/types.proto */
const DATA_TYPE = { float32: 1, float64: 2, int32: 3 } as const;

export const typeAttr = (type: keyof typeof DATA_TYPE): AttrValue => ({ type: DATA_TYPE[type] });

export function openSession(library: GraphLibrary = loadGraphLibrary()): Session {
  library.allowTensorFloat32(false);
  const graph = library.createGraph();
  const session = library.createSession(
    graph,
    encodeConfig({ allow_soft_placement: true, gpu_options: { allow_growth: true } }),
  );
  let pending: NodeDef[] = [];
  let nodes = 0;
  const writers = new Map<Variable, { at: Ref; assigned: Ref }>();
  const node: Session['node'] = (op, input, attr = {}) => {
    const name = `${op}-${nodes++}`;
    pending.push({ name, op, input, attr });
    return `${name}:0`;
  };
  const placeholder: Session['placeholder'] = (type, shape) =>
    node('Placeholder', [], { dtype: typeAttr(type), shape: { shape: shapeProto(shape) } });
  const importPending = () => {
    if (pending.length === 0) return;
    const own = new Set(pending.map(({ name }) => `${name}:0`));
    const outside = new Set(pending.flatMap(({ input }) => input.filter((ref) => !own.has(ref))));
    library.importNodes(graph, encodeGraph(pending), [...outside]);
    pending = [];
  };
  const run: Session['run'] = async ({ feeds = [], fetches = [], targets = [] }) => {
    importPending();
    const raw = feeds.map(({ at, type, shape, data }) => ({
      name: at,
      dtype: DATA_TYPE[type],
      shape,
      data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    }));
    const names = targets.map((target) => target.replace(/:0$/, ''));
    const { outputs } = await library.run(session, raw, fetches, names, null);
    return outputs.map(({ dtype, data }) =>
      dtype === DATA_TYPE.float64 ? new Float64Array(data.buffer) : new Float32Array(data.buffer),
    );
  };
  return {
    node,
    placeholder,
    run,
    variable(type, shape) {
      const dtype = typeAttr(type);
      const name = Buffer.from(`variable-${nodes}`);
      const attr = { dtype, shape: { shape: shapeProto(shape) }, shared_name: { s: name } };
      const handle = node('VarHandleOp', [], attr);
      return { type, shape, handle, value: node('ReadVariableOp', [handle], { dtype }) };
    },
    async write(variable, data) {
      const { type, shape, handle } = variable;
      let writer = writers.get(variable);
      if (!writer) {
        const at = placeholder(type, shape);
        writer = { at, assigned: node('AssignVariableOp', [handle, at], { dtype: typeAttr(type) }) };
        writers.set(variable, writer);
      }
      await run({ feeds: [{ at: writer.at, type, shape, data }], targets: [writer.assigned] });
    },
    close: () => library.closeSession(session),
  };
}

/** Opens a session for as long as `use` takes. */
export async function withSession<T>(use: (session: Session) => Promise<T>): Promise<T> {
  const session = openSession();
  try {
    return await use(session);
  } finally {
    session.close();
  }
}

export const shapeProto = (shape: readonly number[]) => ({ dim: shape.map((size) => ({ size })) });

export function constant(session: Session, type: Real | 'int32', shape: number[], values: number[]): Ref {
  const of = { float32: Float32Array, float64: Float64Array, int32: Int32Array }[type];
  const tensor = {
    dtype: DATA_TYPE[type],
    tensor_shape: shapeProto(shape),
    tensor_content: new Uint8Array(of.from(values).buffer),
  };
  return session.node('Const', [], { dtype: typeAttr(type), value: { tensor } });
}
