import { expect, test } from 'vitest';
import type { Comparison, Measured } from './measure.ts';
import { markdown, type Report, roofs, section } from './report.ts';
import type { Segment } from './segment.ts';

const measured = (variant: string, seconds: number): Measured => ({
  variant,
  versions: { [variant.split('-')[0]!]: '1.0' },
  setupSeconds: 1,
  firstStepSeconds: 2,
  proof: [2.4],
  samples: [[seconds], [seconds], [seconds]],
  peakBytes: 2 ** 30,
});

const comparison = (ours: number, theirs: number): Comparison => ({
  reference: measured('ours-compiled', ours),
  pairs: [{ other: measured('jax', theirs), reference: [[ours], [ours], [ours]] }],
  failed: [{ variant: 'torch-compile', reason: 'it ended with 1: no compiler' }],
});

const product = section({ model: 'matrix-product', task: 'product', flops: 100e9 }, [
  { precision: 'float32', comparison: comparison(0.5, 0.4) },
]);
const training = section({ model: 'inception', task: 'training', flops: 150e9 }, [
  { precision: 'float32', comparison: comparison(1, 1.5) },
]);

const REPORT: Report = {
  measuredAt: '2026-11-24T12:00:00.000Z',
  machine: {
    ...{
      cpu: 'A processor',
      cores: 2,
      flags: ['avx2'],
      memoryBytes: 2 ** 34,
      kernel: 'Linux 6',
      node: 'v22',
    },
    ...{ load: 0.1, busy: 0.01 },
  },
  threads: 2,
  protocol: { rounds: 3, turnSeconds: 2 },
  sections: [product, training],
  segments: [],
  theorems: [],
  solves: [],
};

test('the roof is the best product of anybody', () => {
  expect(roofs([product, training])).toEqual({ float32: 250e9 });
});

test('there is no roof for a precision that nobody multiplied in', () => {
  expect(roofs([training])).toEqual({});
});

test('a ratio above 1 says that ours is faster', () => {
  expect(training.rows[1]).toMatchObject({
    variant: 'jax',
    against: 'ours-compiled',
    ratio: { median: 1.5 },
  });
});

test('the table has time, rate, ratio with its spread, part of the roof and memory', () => {
  expect(markdown(REPORT)).toContain(
    '| jax | 1500 (1500–1500) | 85.3 images | 1.50 (1.50–1.50) | ours-compiled | 100 | 40 % | 1024 MiB |',
  );
});

test('what could not be measured is told with its reason', () => {
  expect(markdown(REPORT)).toContain('Not measured: torch-compile. it ended with 1: no compiler');
});

test('a busy machine is told in the table', () => {
  const busy = { ...REPORT, machine: { ...REPORT.machine, busy: 0.4 } };
  expect(markdown(busy)).toContain('others used 40 % of the cores: **the machine was busy');
  expect(markdown(REPORT)).not.toContain('busy');
});

test('around the step: shares in hundredths of a per cent, looks as part of an epoch', () => {
  const segment: Segment = {
    ...{ model: 'alexnet', batchSize: 128, stepsPerEpoch: 391, checkpointEverySeconds: 30 },
    ...{ steps: 300, stepSeconds: 0.1, outside: 0.0051, checkpoints: 0.0038 },
    ...{ checkpointSeconds: 0.111, evaluationSeconds: 0.9 },
  };
  const text = markdown({ ...REPORT, segments: [segment] });
  expect(text).toContain('every 30 s');
  expect(text).toContain('| alexnet | 128 | 100 | 0.51 % | 0.38 % | 111 ms | 0.900 s | 2.25 % |');
});

test('what no training was measured of is not in the table', () => {
  expect(markdown(REPORT)).not.toContain('Around the step');
});
