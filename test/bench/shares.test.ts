import { expect, test } from 'vitest';
import { type Call, sharesOf } from './shares.ts';

/** Calls one after another: kind, seconds, seconds until the next. Steps take ten at a time. */
function calls(...given: [Call['kind'], number, number][]): Call[] {
  let now = 100;
  return given.map(([kind, seconds, gap]) => {
    const call = { kind, steps: kind === 'steps' ? 10 : 0, start: now, end: now + seconds };
    now += seconds + gap;
    return call;
  });
}

const TRACING: [Call['kind'], number, number][] = [
  ['steps', 7, 3],
  ['checkpoint', 5, 5],
];
const END: [Call['kind'], number, number] = ['checkpoint', 9, 0];

test('outside is what lies between steps, and what follows a checkpoint is part of it', () => {
  const shares = sharesOf(
    calls(
      ...TRACING,
      ['steps', 4, 0.25],
      ['steps', 4.75, 0],
      ['checkpoint', 0.75, 0.25],
      ['steps', 5, 1],
      END,
    ),
  );
  expect(shares).toEqual({
    steps: 20,
    stepSeconds: 8.75 / 20,
    outside: 1.25 / 10,
    checkpoints: 1 / 10,
    checkpointSeconds: 1,
    evaluationSeconds: null,
  });
});

test('evaluations count neither as steps nor as outside', () => {
  const shares = sharesOf(
    calls(
      ...TRACING,
      ['steps', 9, 0],
      ['evaluation', 1, 0],
      ['evaluation', 2, 0],
      ['checkpoint', 0, 1],
      ['steps', 5, 1],
      END,
    ),
  );
  expect(shares).toMatchObject({ stepSeconds: 0.9, outside: 0.1, evaluationSeconds: 3 });
});

test('every period has its checkpoint', () => {
  const period: [Call['kind'], number, number][] = [
    ['steps', 6, 0],
    ['checkpoint', 1, 1],
  ];
  const shares = sharesOf(calls(...TRACING, ...period, ...period, ['steps', 5, 1], END));
  expect(shares).toMatchObject({ steps: 20, outside: 0.25, checkpointSeconds: 2 });
});

test('a segment that ended before its second checkpoint is refused', () => {
  expect(() => sharesOf(calls(...TRACING, ['steps', 5, 1], END))).toThrow(
    '2 checkpoints, expected at least 3',
  );
});
