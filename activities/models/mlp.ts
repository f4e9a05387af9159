/** Multi-layer perceptrons with hidden layers of 512 (Appendix A): 1,209,866 parameters with one of them, 1,735,178
 *  with three. */
import { flatten } from './convolution.ts';
import { dense, dropout, linear } from './dense.ts';
import { compose, sequence } from './layer.ts';
import type { Architecture } from './network.ts';

const PIXELS = 28 * 28 * 3;

export function mlp({ hiddenLayers }: { hiddenLayers: 1 | 3 }): Architecture {
  const deeper = Array.from({ length: hiddenLayers - 1 }, (_, i) => dense(`dense-${i + 2}`, 512, 512));
  const layers = sequence(
    dense('dense-1', PIXELS, 512), // [B, 2352] -> [B, 512]
    ...deeper, // -> [B, 512]
    dropout,
    linear('linear', 512, 10), // -> [B, 10]
  );
  return compose(flatten(PIXELS), layers);
}
