/** Our binding to TensorFlow's graphs and sessions (infra/native/graph.cc), as TypeScript sees it. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

declare const brand: unique symbol;
export type Graph = { readonly [brand]: 'graph' };
export type Session = { readonly [brand]: 'session' };

/** A tensor outside TensorFlow. dtype: a number of `DataType`; shape: lengths; data: C order. */
export interface RawTensor {
  dtype: number;
  shape: number[];
  data: Float32Array | Int32Array | Uint8Array;
}

export interface GraphLibrary {
  createGraph(): Graph;
  /** Adds the nodes of a serialised GraphDef, which may read the outputs named in `outside`. */
  importNodes(graph: Graph, graphDef: Uint8Array, outside: string[]): void;
  /** −1: an unknown length; null: an unknown rank. */
  outputs(graph: Graph, node: string): { dtype: number; shape: number[] | null }[];
  /** A serialised OpDef. */
  opDefinition(graph: Graph, op: string): Uint8Array;
  /** config: a serialised ConfigProto. */
  createSession(graph: Graph, config: Uint8Array): Session;
  closeSession(session: Session): void;
  devices(session: Session): { name: string; type: string }[];
  /** On a thread of its own. Feeds are copied before it returns. options: a serialised RunOptions; then metadata is
   *  a serialised RunMetadata. */
  run(
    session: Session,
    feeds: (RawTensor & { name: string })[],
    fetches: string[],
    targets: string[],
    options: Uint8Array | null,
  ): Promise<{
    outputs: { dtype: number; shape: number[]; data: Uint8Array<ArrayBuffer> }[];
    metadata: Uint8Array | undefined;
  }>;
  /** Whether float32 products may be rounded to TensorFloat-32 on GPUs that know it; for the whole process. */
  allowTensorFloat32(allowed: boolean): void;
  /** The instruction sets of this processor for operations of ours that need vectors, the best one first
   *  (infra/native/vector-kernels.h). All give the same bits. */
  vectorSets(): string[];
  /** One of them, for the whole process, instead of the best. */
  chooseVectorSet(name: string): void;
}

/** Set-up puts it beside the package's own binding, where it finds the same library. */
export function loadGraphLibrary(): GraphLibrary {
  const require = createRequire(import.meta.url);
  const folder = dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json'));
  return require(join(folder, 'lib', 'napi-v8', 'graph.node'));
}
