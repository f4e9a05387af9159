/** Parts of a network in the few words of Appendix A: `3×3 conv 80 / 2`, `Inception(1×1 conv 32, 3×3 conv 32)`. */
import type { Measured, Shape } from './measure.ts';
import type { Structure } from './structure.ts';

/** `/ 2`: two pixels apart. */
export function wordingOf({ structure, input, output, parts }: Measured): string {
  switch (structure.op) {
    case 'convolution': {
      const [rows, columns, , out] = structure.kernel.shape;
      return `${rows}×${columns} conv ${out}${apart(structure.stride)}`;
    }
    case 'max-pool':
      return `${structure.side}×${structure.side} max-pool${apart(structure.stride)}`;
    case 'mean-pool':
      return `${input[0]}×${input[1]} mean pool`;
    case 'local-response-norm':
      return 'local response norm';
    case 'flatten':
      return 'flatten';
    case 'dense':
      return structure.relu ? `dense ${output[0]}, ReLU` : `linear ${output[0]}`;
    case 'module':
      return `${structure.kind}(${parts.map(wordingOf).join(', ')})`;
    case 'concat':
      return parts.map(wordingOf).join(', ');
    case 'sequence':
      return parts.map(wordingOf).join(' → ');
  }
}

const apart = (stride: number) => (stride === 1 ? '' : ` / ${stride}`);

export const shapeText = (shape: Shape) => shape.join('×');

/** What a conv module does after its convolution. */
export const afterConvolution = ({ offset }: Extract<Structure, { op: 'convolution' }>) => [
  offset.kind === 'shift' ? 'batch norm' : 'bias',
  'ReLU',
];

/** As its variables are named; what has none has no name. */
export function nameOf({ structure }: Measured): string {
  switch (structure.op) {
    case 'module':
      return structure.name;
    case 'convolution':
    case 'dense':
      return structure.kernel.name.replace(/\/kernel$/, '');
    default:
      return '';
  }
}

/** A network from its image on, what is only in sequence taken apart. */
export function stagesOf(measured: Measured): Measured[] {
  return measured.structure.op === 'sequence' ? measured.parts.flatMap(stagesOf) : [measured];
}

/** Side by side on the same input; what has no branches is one itself. */
export function branchesOf(measured: Measured): Measured[] {
  const { op } = measured.structure;
  if (op === 'module') return measured.parts.flatMap(branchesOf);
  return op === 'concat' ? measured.parts : [measured];
}
