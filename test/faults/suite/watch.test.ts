import { expect, test } from 'vitest';
import { createLedger } from './watch.ts';

const at = (step: number) => [{ key: `${step}.safetensors`, step }];
const run = (token: string, step: number) => ({ id: 'r', token, links: step > 0 ? at(step) : [] });
const progress = (resumedAt: number, step: number, checkpoint: number) => ({
  runId: 'r',
  resumedAt,
  step,
  checkpoint: checkpoint > 0 ? { step: checkpoint } : null,
});

test('an attempt that goes on from the newest checkpoint is as it should be, and what it repeats is counted', () => {
  const ledger = createLedger();
  ledger.seeRun(run('one', 10));
  ledger.seeProgress(progress(0, 17, 10));
  ledger.seeRun(run('two', 10));
  ledger.seeProgress(progress(10, 12, 10));
  expect(ledger.close()).toEqual({ violations: [], stepsTwice: 7, attempts: 2 });
});

test('an attempt that begins before an acknowledged checkpoint is a violation', () => {
  const ledger = createLedger();
  ledger.seeRun(run('one', 10));
  ledger.seeRun(run('one', 20));
  ledger.seeProgress(progress(0, 25, 20));
  ledger.seeRun(run('two', 20));
  ledger.seeProgress(progress(10, 12, 20));
  expect(ledger.close().violations).toEqual(['run r went on at step 10 and had a checkpoint at 20']);
});

test('a checkpoint that was acknowledged and is gone is a violation', () => {
  const ledger = createLedger();
  ledger.seeRun(run('one', 20));
  ledger.seeRun(run('one', 10));
  expect(ledger.close().violations).toEqual(['run r had a checkpoint at step 20 and has 10 now']);
});

test('a finished run whose last word was lost is claimed again at its end, which is as it should be', () => {
  const ledger = createLedger();
  ledger.seeRun(run('one', 20));
  ledger.seeRun(run('two', 20));
  ledger.seeProgress(progress(20, 20, 20));
  expect(ledger.close()).toEqual({ violations: [], stepsTwice: 0, attempts: 2 });
});

test('a finished run that is trained again is a violation, unless it was damaged', () => {
  const [whole, damaged] = [createLedger(), createLedger()];
  for (const ledger of [whole, damaged]) {
    ledger.seeRun(run('one', 20));
    ledger.seeProgress(progress(10, 20, 20));
  }
  damaged.forgive('r');
  for (const ledger of [whole, damaged]) {
    ledger.seeRun(run('two', 20));
    ledger.seeProgress(progress(0, 5, 20));
  }
  expect(whole.close().violations).toEqual(['run r went on at step 0 and had a checkpoint at 20']);
  expect(damaged.close().violations).toEqual([]);
});
