/** Loop-invariant code motion: what a scan would compute for every row from variables that nothing changes is computed once
 *  before it, such as weights that are rounded to bfloat16, or laid out anew, to evaluate a network batch by batch. */
import { indexed, nodeOf, unchanged } from './indexed.ts';
import type { NodeDef } from './messages.ts';
import type { Ref, Traced } from './trace.ts';

export interface Hoisted {
  /** What is computed before the loop, with the constants that it needs. Of the function's arguments it reads variables
   *  alone. */
  before: NodeDef[];
  /** The rest of the function. Constants stay in it. */
  body: Traced;
  /** Outputs of `before` that `body` reads. */
  crossing: Set<Ref>;
}

type Kind = 'constant' | 'invariant' | 'by row';

export function hoist(traced: Traced): Hoisted {
  const graph = indexed(traced);
  const fixed = unchanged(traced);
  const kinds = new Map<Ref, Kind>();
  const kindOf = (ref: Ref): Kind => {
    const known = kinds.get(ref);
    if (known) return known;
    const kind = fixed.has(ref) ? 'invariant' : kindOfNode(graph.node(ref));
    kinds.set(ref, kind);
    return kind;
  };
  const kindOfNode = (node: NodeDef | undefined): Kind => {
    if (!node || node.op === 'Placeholder') return 'by row';
    const inputs = node.input.map(kindOf);
    if (inputs.includes('by row')) return 'by row';
    return inputs.includes('invariant') ? 'invariant' : 'constant';
  };

  const isMoved = (node: NodeDef | undefined) => node !== undefined && kindOfNode(node) === 'invariant';
  const moved = traced.nodes.filter(isMoved);
  const body = { ...traced, nodes: traced.nodes.filter((node) => !isMoved(node)) };
  const read = [
    ...body.nodes.flatMap(({ input }) => input),
    ...Object.values(body.outputs),
    ...body.updates.flatMap(({ inputs }) => inputs),
  ];
  const before = new Set(moved);
  const withConstants = (ref: Ref) => {
    const node = graph.node(ref);
    if (!node || before.has(node) || node.op === 'Placeholder') return;
    before.add(node);
    node.input.forEach(withConstants);
  };
  for (const { input } of moved) input.forEach(withConstants);
  const names = new Set(moved.map(({ name }) => name));
  return { before: [...before], body, crossing: new Set(read.filter((ref) => names.has(nodeOf(ref)))) };
}
