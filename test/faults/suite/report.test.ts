import { expect, test } from 'vitest';
import { markdown, type Report, repeatLine } from './report.ts';

const report: Report = {
  seed: 3,
  faults: 3,
  kinds: ['kill-s3', 'damage-curve'],
  models: ['mlp-1x512'],
  commit: null,
  measuredAt: '2026-01-01T00:00:00Z',
  machine: 'a machine',
  undisturbed: { seconds: 40, attempts: 5, violations: [], digests: {} },
  rounds: [
    {
      faults: [
        { kind: 'kill-s3', goesOnAfterMs: 1500 },
        { kind: 'damage-curve', goesOnAfterMs: null },
      ],
      ...{ seconds: 46, violations: [], attempts: 6, stepsTwice: 4 },
    },
    {
      faults: [{ kind: 'kill-s3', goesOnAfterMs: 500 }],
      ...{ seconds: 43, violations: ['x is missing'], attempts: 5, stepsTwice: 0 },
    },
  ],
};

test('a fault counts as survived when nothing was lost in its round, and what was lost is told', () => {
  const text = markdown(report);
  expect(text).toContain('# 3 faults in 2 Figures 1: 1 not survived');
  expect(text).toContain('| `kill-s3` | kill -9 of the S3 server | 2 | 1 | 1.0 s | 1.5 s |');
  expect(text).toContain('| 1 | 1 | – | – |');
  expect(text).toContain('with faults took 9 s more, 3.0 s a fault');
  expect(text).toContain('- round 2: x is missing');
});

test('the line that repeats a suite is one that can be typed', () => {
  expect(repeatLine(report)).toBe(
    'npm run faults -- --seed 3 --faults 3 --kinds kill-s3,damage-curve --models mlp-1x512',
  );
});
