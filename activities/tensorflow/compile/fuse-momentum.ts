/** Momentum in place: two variables that change as
 *    v ← v·m + g,  w ← w − v·r      (v the new one; m and r scalars)
 *  do so in one operation that touches each once, instead of four that make new tensors. The arithmetic is the same,
 *  to the bit. */
import type { NodeDef } from './messages.ts';
import { DataType } from './tensor-types.ts';
import { type Ref, type Traced, type Update, updateNode, variableNode } from './trace.ts';

export function fuseMomentum(traced: Traced): Traced {
  const nodes = new Map(traced.nodes.map((node) => [`${node.name}:0`, node]));
  const assigned = new Map(traced.updates.map((update) => [update.variables[0]!, update.inputs[0]!]));
  const momenta = new Map<Ref, { variable: string; momentum: Ref; gradient: Ref }>(); // by the new value
  for (const [variable, value] of assigned) {
    const sum = nodes.get(value);
    for (const [decayed, gradient] of sum && isSum(sum) ? bothWays(sum.input) : []) {
      const product = nodes.get(decayed);
      const momentum = product && scaleOf(product, variableNode(variable), traced);
      if (momentum) momenta.set(value, { variable, momentum, gradient });
    }
  }
  const fused = new Set<string>();
  const steps: Update[] = [];
  for (const [variable, value] of assigned) {
    const difference = nodes.get(value);
    if (difference?.op !== 'Sub' || difference.input[0] !== `${variableNode(variable)}:0`) continue;
    const product = nodes.get(difference.input[1]!);
    for (const [velocity, rate] of product?.op === 'Mul' ? bothWays(product.input) : []) {
      const found = momenta.get(velocity);
      if (!found || !isScalar(traced, rate) || fused.has(found.variable)) continue;
      steps.push({
        name: updateNode(variable),
        op: 'ResourceApplyMomentum',
        variables: [variable, found.variable],
        inputs: [rate, found.gradient, found.momentum],
        after: [],
        attr: { T: { type: DataType.float32 } },
      });
      fused.add(variable).add(found.variable);
    }
  }
  const others = traced.updates.filter(({ variables }) => !fused.has(variables[0]!));
  return { ...traced, updates: [...steps, ...others] };
}

const isSum = ({ op }: NodeDef) => op === 'Add' || op === 'AddV2';

const bothWays = ([one, other]: string[]): [Ref, Ref][] => [
  [one!, other!],
  [other!, one!],
];

/** The scalar that a product multiplies a variable's old value by. */
function scaleOf({ op, input }: NodeDef, variable: string, traced: Traced): Ref | undefined {
  if (op !== 'Mul') return undefined;
  const [, scale] = bothWays(input).find(([value]) => value === `${variable}:0`) ?? [];
  return scale && isScalar(traced, scale) ? scale : undefined;
}

function isScalar({ tensors }: Traced, ref: Ref): boolean {
  const { dtype, shape } = tensors.get(ref)!;
  return dtype === DataType.float32 && shape.length === 0;
}
