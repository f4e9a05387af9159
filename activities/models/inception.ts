/** Inception (small), Figure 3: 1,649,402 parameters with batch norm and, since a bias then takes the shift's place,
 *  as many without. 204 million multiply-adds an image forward. */
import {
  asModule,
  type Convolution,
  concat,
  convModule,
  type Layer4D,
  maxPool,
  meanPool,
} from './convolution.ts';
import { dropout, linear } from './dense.ts';
import { compose, sequence } from './layer.ts';
import type { Architecture } from './network.ts';

export function inception({ batchNorm }: Pick<Convolution, 'batchNorm'>): Architecture {
  const conv = (name: string, side: number, stride: 1 | 2, from: number, to: number) =>
    convModule(name, { side, stride, channels: { in: from, out: to }, batchNorm });

  const module = (name: string, from: number, [ones, threes]: [number, number]): Layer4D =>
    asModule(
      'Inception',
      name,
      concat(conv(`${name}/conv-1x1`, 1, 1, from, ones), conv(`${name}/conv-3x3`, 3, 1, from, threes)),
    );

  const downsample = (name: string, from: number, filters: number): Layer4D =>
    asModule('Downsample', name, concat(conv(`${name}/conv-3x3`, 3, 2, from, filters), maxPool));

  const features = sequence(
    conv('conv-1', 3, 1, 3, 96), // [B, 28, 28, 3] -> [B, 28, 28, 96]
    module('inception-1', 96, [32, 32]), // -> [B, 28, 28, 64]
    module('inception-2', 64, [32, 48]), // -> [B, 28, 28, 80]
    downsample('downsample-1', 80, 80), // -> [B, 14, 14, 160]
    module('inception-3', 160, [112, 48]), // -> [B, 14, 14, 160]
    module('inception-4', 160, [96, 64]), // -> [B, 14, 14, 160]
    module('inception-5', 160, [80, 80]), // -> [B, 14, 14, 160]
    module('inception-6', 160, [48, 96]), // -> [B, 14, 14, 144]
    downsample('downsample-2', 144, 96), // -> [B, 7, 7, 240]
    module('inception-7', 240, [176, 160]), // -> [B, 7, 7, 336]
    module('inception-8', 336, [176, 160]), // -> [B, 7, 7, 336]
  );
  const classifier = sequence(dropout, linear('linear', 336, 10));
  const pooled = compose(features, meanPool); // 7×7: [B, 7, 7, 336] -> [B, 336]
  return compose(pooled, classifier);
}
