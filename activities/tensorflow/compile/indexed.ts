/** Who reads what in a recorded function: what passes that join operations look at. */
import type { NodeDef } from './messages.ts';
import { type Ref, type Traced, variableNode } from './trace.ts';

export interface Indexed {
  rank(ref: Ref): number;
  /** A number of `DataType`. */
  type(ref: Ref): number;
  node(ref: Ref): NodeDef | undefined;
  /** Nodes that read an output; null stands for the function's own outputs and updates. */
  readers(ref: Ref): (NodeDef | null)[];
}

export function indexed({ nodes, tensors, outputs, updates }: Traced): Indexed {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const readers = new Map<Ref, (NodeDef | null)[]>();
  const read = (ref: Ref, by: NodeDef | null) => readers.set(ref, [...(readers.get(ref) ?? []), by]);
  for (const node of nodes) for (const ref of node.input) read(ref, node);
  for (const ref of [...Object.values(outputs), ...updates.flatMap(({ inputs }) => inputs)]) read(ref, null);
  return {
    rank: (ref) => tensors.get(ref)!.shape.length,
    type: (ref) => tensors.get(ref)!.dtype,
    node: (ref) => byName.get(nodeOf(ref)),
    readers: (ref) => readers.get(ref) ?? [],
  };
}

/** The name of the node that an output is of. */
export const nodeOf = (ref: Ref): string => ref.slice(0, ref.lastIndexOf(':'));

/** Variables that no update changes. */
export function unchanged({ variables, updates }: Traced): Set<Ref> {
  const changed = new Set(
    updates.flatMap((update) => [...update.variables.map(valueNode), ...update.inputs]),
  );
  return new Set(
    Object.keys(variables)
      .map(valueNode)
      .filter((ref) => !changed.has(ref)),
  );
}

const valueNode = (variable: string): Ref => `${variableNode(variable)}:0`;

/** Without the nodes that neither an output nor an update comes from. Inputs and variables stay. */
export function living(traced: Traced): Traced {
  const graph = indexed(traced);
  const alive = new Set<NodeDef>();
  const reach = (ref: Ref) => {
    const node = graph.node(ref);
    if (!node || alive.has(node)) return;
    alive.add(node);
    node.input.forEach(reach);
  };
  Object.values(traced.outputs).forEach(reach);
  for (const { inputs } of traced.updates) inputs.forEach(reach);
  return { ...traced, nodes: traced.nodes.filter((node) => node.op === 'Placeholder' || alive.has(node)) };
}

/** With other nodes: `added` for those that are `gone`, whose outputs are now what `replaced` says. */
export function rewired(
  traced: Traced,
  { gone, added, replaced }: { gone: Set<NodeDef>; added: NodeDef[]; replaced: Map<Ref, Ref> },
): Traced {
  const through = (ref: Ref) => replaced.get(ref) ?? ref;
  const nodes = [...traced.nodes.filter((node) => !gone.has(node)), ...added];
  const tensors = new Map(traced.tensors);
  for (const [old, fresh] of replaced) {
    const known = tensors.get(old);
    if (known) tensors.set(fresh, known);
  }
  return {
    ...traced,
    nodes: nodes.map((node) => ({ ...node, input: node.input.map(through) })),
    tensors,
    outputs: Object.fromEntries(Object.entries(traced.outputs).map(([name, ref]) => [name, through(ref)])),
    updates: traced.updates.map((update) => ({ ...update, inputs: update.inputs.map(through) })),
  };
}
