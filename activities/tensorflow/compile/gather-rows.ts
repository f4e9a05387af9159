/** Batches out of a data set by an operation of our own (infra/native/gather-rows.cc), for CPUs. */
import { constantOf } from './constants.ts';
import { indexed } from './indexed.ts';
import { DataType } from './tensor-types.ts';
import type { Traced } from './trace.ts';

export function gatherRows(traced: Traced): Traced {
  const graph = indexed(traced);
  const nodes = traced.nodes.map((node) => {
    const [x, indices, axis] = node.input;
    const isOurs =
      node.op === 'GatherV2' &&
      constantOf(graph.node(axis!)) === 0 &&
      graph.type(x!) === DataType.float32 &&
      graph.type(indices!) === DataType.int32 &&
      graph.rank(indices!) === 1;
    return isOurs ? { name: node.name, op: 'GatherRows', input: [x!, indices!], attr: {} } : node;
  });
  return { ...traced, nodes };
}
