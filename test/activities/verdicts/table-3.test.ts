import { expect, test } from 'vitest';
import { TABLE_3_RECORDS } from '../../../activities/verdicts/ledger/table-3.ts';
import { judgeTable3 } from '../../../activities/verdicts/table-3.ts';
import { DIGITS, request, row } from './kernels.ts';

const kinds = (changes: Parameters<typeof request>[0]) =>
  Object.fromEntries(
    judgeTable3(request(changes)).map(({ claim, kind }) => [claim.replace('table-3.', ''), kind]),
  );

test('the published errors, at full size, are reproduced in every record', () => {
  const verdicts = judgeTable3(request());
  expect(verdicts.map(({ claim }) => claim).sort()).toEqual(TABLE_3_RECORDS.map(({ id }) => id).sort());
  expect(new Set(verdicts.map(({ kind }) => kind))).toEqual(new Set(['reproduced']));
});

test('an error beyond rounding and two standard errors depends on a choice that the paper leaves open', () => {
  // 1.2 ± 0.05 ± 2·√(1.5·98.5/10,000) = 0.243: 1.49 is inside, 1.51 is not
  const judged = (errors: number) =>
    kinds({ kernels: [row('mnist.none', { 0: errors, 1: errors })] })['mnist.none'];
  expect([judged(149), judged(151)]).toEqual(['reproduced', 'depends on an open choice']);
});

test('rows that were not asked for are not run', () => {
  expect(kinds({ kernels: [row('cifar10.none', { 0: 4600 })], digits: null })).toEqual({
    'mnist.none': 'not run',
    'mnist.gabor': 'not run',
    'cifar10.none': 'reproduced',
    'cifar10.random-filters': 'not run',
    'cifar10.random-filters.l2': 'not run',
    'mnist.none.norm': 'not run',
    'mnist.gabor.norm': 'not run',
    'mnist.l2-does-not-help': 'not run',
    'mnist.time': 'not run',
  });
});

test('split test images, a small profile, a part of the images and fewer filters are never judged', () => {
  const split = { ...DIGITS, form: 'idx-test-images' as const, train: { ...DIGITS.train, count: 8000 } };
  expect(kinds({ digits: split })['mnist.none']).toBe('not judged at this scale');
  expect(kinds({ digits: split })['mnist.none.norm']).toBe('not judged at this scale');
  expect(kinds({ profile: 'quick' })['cifar10.none']).toBe('not judged at this scale');
  const [part] = [row('cifar10.none', { 0: 4600 })];
  const { system } = part.solved[0]!;
  part.solved[0]!.system = { ...system, trainImages: 10_000 };
  expect(kinds({ kernels: [part] })['cifar10.none']).toBe('not judged at this scale');
  const few = row('cifar10.random-filters', { 0: 1700 });
  few.solved[0]!.system = {
    ...few.solved[0]!.system,
    features: { kind: 'random-filters', filters: 1000, seed: 1 },
  };
  expect(kinds({ kernels: [few] })['cifar10.random-filters']).toBe('not judged at this scale');
});

test('a norm within ten per cent of the published one is reproduced, another depends on how labels are coded', () => {
  const judged = (plusMinusOne: number) =>
    kinds({
      kernels: [row('mnist.none', { 0: 122, 1: 122 }, { norm: { plusMinusOne, zeroOne: plusMinusOne / 2 } })],
    })['mnist.none.norm'];
  expect([judged(241), judged(243), judged(125)]).toEqual([
    'reproduced',
    'depends on an open choice',
    'depends on an open choice',
  ]);
});

test('l2 helps where some λ is better by more than two standard errors of a difference', () => {
  // two standard errors of 1.22 % against 0.93 % are 0.29 points
  const judged = (errors: number) =>
    kinds({ kernels: [row('mnist.none', { 0: 122, 1: errors }), row('mnist.gabor', { 0: 61, 1: 61 })] })[
      'mnist.l2-does-not-help'
    ];
  expect([judged(95), judged(90)]).toEqual(['reproduced', 'depends on an open choice']);
});

test('three minutes are a bound: who needs longer on another machine says nothing', () => {
  const time = { seconds: 400, threads: 2, memoryBytes: 12e9, device: 'cpu' };
  const [verdict] = judgeTable3(
    request({ kernels: [row('mnist.none', { 0: 122, 1: 122 }, { time })] }),
  ).filter(({ claim }) => claim === 'table-3.mnist.time');
  expect(verdict).toMatchObject({
    kind: 'not judged at this scale',
    measured: '400 s for 60,000 images to a residual of 9e-4, 2 cores, 12.0 GB, cpu',
  });
});
