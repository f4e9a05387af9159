/** Local response normalisation by operations of our own (infra/native/response-norm.cc), for CPUs. */
import type { Traced } from './trace.ts';

const OURS: Record<string, string> = { LRN: 'LocalResponseNorm', LRNGrad: 'LocalResponseNormGrad' };

export function ownResponseNorm(traced: Traced): Traced {
  const nodes = traced.nodes.map((node) => {
    const op = OURS[node.op];
    if (!op) return node;
    const { T: _, ...attr } = node.attr; // float32, which is what ours know
    return { ...node, op, attr };
  });
  return { ...traced, nodes };
}
