import { expect, test } from 'vitest';
import type { KernelSystem } from '../../../activities/contract.ts';
import { withMachines } from '../../../activities/kernel/machine.ts';
import { sample } from './small.ts';

const [n, d] = [40, 784];
const { pixels, labels } = sample(n, d);
const split = { images: pixels, labels };
const data = { d, train: split, test: split };
const features: KernelSystem['features'] = { kind: 'pixels', gamma: 0.02 };

const open = (availableBytes: number) =>
  withMachines({ features }, { data, l2: [0, 0.1], see: () => {}, availableBytes }, async (_, l2) => l2);

test('every λ has its machine, in turn', async () => {
  expect(await open(8e9)).toEqual([0, 0.1]);
});

test('without the memory for it nothing is begun: one sentence, and another worker may try', async () => {
  await expect(open(1e8)).rejects.toMatchObject({
    type: 'MemoryShort',
    message: expect.stringMatching(/^Solving for 40 points takes 0\.4 GB of memory and 0\.1 GB are free: /),
  });
});
