import { expect, test } from 'vitest';
import { continued, type Numerics } from '../../../activities/provenance/numerics.ts';

const cpu: Numerics = { device: 'cpu', library: 'TensorFlow 2.21.0', instructionSet: 'x64 avx2', threads: 2 };
const gpu = { ...cpu, device: 'NVIDIA H100' };

test('a training that goes on where it was has been computed on one backend', () => {
  const begun = continued([], 0, cpu);
  expect(continued(begun, 100, { ...cpu })).toEqual([{ step: 0, ...cpu }]);
});

test.each([
  ['device', gpu],
  ['library', { ...cpu, library: 'TensorFlow 2.22.0' }],
  ['instruction set', { ...cpu, instructionSet: 'x64 avx2 avx512f' }],
  ['number of threads', { ...cpu, threads: 4 }],
])('another %s is another stretch, from the step that it went on from', (_, elsewhere) => {
  expect(continued(continued([], 0, cpu), 100, elsewhere)).toEqual([
    { step: 0, ...cpu },
    { step: 100, ...elsewhere },
  ]);
});

test('a training that comes back has three stretches', () => {
  const steps = continued(continued(continued([], 0, cpu), 5, gpu), 9, cpu);
  expect(steps.map(({ step, device }) => `${step} ${device}`)).toEqual(['0 cpu', '5 NVIDIA H100', '9 cpu']);
});
