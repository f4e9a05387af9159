/** Files for TensorBoard over kills, moves and full disks, read back by code that shares nothing with what writes them. */
import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { encodeRecord } from '../../activities/tensorboard/record-file.ts';
import { runFolder } from '../../activities/tensorboard/run-folder.ts';
import { openBoard } from '../../worker/board.ts';
import { bound } from '../activities/plan/generated-runs.ts';
import { shown } from '../activities/tensorboard/read-events.ts';

const planned = bound();
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rethinking-board-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const folder = (at = root) => join(at, runFolder(planned));
const lossOf = (step: number) => 1 / step;
const losses = (from: number, to: number) =>
  Float32Array.from({ length: to - from }, (_, i) => lossOf(from + 1 + i));
const evaluationAt = (step: number) => {
  const of = (correct: number) => ({ correct, images: 100 });
  return { step, train: of(step), test: of(10), wholeTrain: null };
};
const UP_TO_A_HUNDRED = Array.from({ length: 10 }, (_, i) => 10 * (i + 1));

/** A segment that trains from one step to another, ten a call and an evaluation after each, a second a call. */
function train(from: number, to: number, { at = root, second = 1_800_000_000, looksAgain = false } = {}) {
  const problems: unknown[] = [];
  let ms = second * 1000;
  const board = openBoard({
    root: at,
    planned,
    known: {
      losses: losses(0, from),
      evaluations: UP_TO_A_HUNDRED.filter((step) => (looksAgain ? step < from : step <= from)).map(
        evaluationAt,
      ),
    },
    onProblem: (error) => problems.push(error),
    now: () => ms,
  });
  if (looksAgain) board.see({ kind: 'evaluation', evaluation: evaluationAt(from) });
  for (let step = from; step < to; step += 10) {
    ms += 1000;
    board.see({ kind: 'steps', step: step + 10, losses: losses(step, step + 10) });
    board.see({ kind: 'evaluation', evaluation: evaluationAt(step + 10) });
  }
  board.close();
  return problems;
}

const expectWhole = (at = root) => {
  const curves = shown(folder(at));
  expect(curves.loss?.map(({ step }) => step)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
  for (const { step, value } of curves.loss ?? []) expect(value).toBe(Math.fround(lossOf(step)));
  for (const tag of ['accuracy/train', 'accuracy/test']) {
    expect(curves[tag]?.map(({ step }) => step)).toEqual(UP_TO_A_HUNDRED);
  }
  expect(curves['accuracy/train']?.map(({ value }) => value)).toEqual(
    UP_TO_A_HUNDRED.map((step) => Math.fround(step / 100)),
  );
  return curves;
};

test('loss and accuracies have their steps, times and values; speed begins after the call that compiles', () => {
  train(0, 100);
  const curves = expectWhole();
  expect(curves.loss?.[10]?.wallTime).toBe(1_800_000_002);
  expect(curves.learning_rate?.at(-1)).toMatchObject({ step: 100, value: Math.fround(0.01) });
  const { batchSize } = planned.run.trajectory;
  expect(curves.images_per_second?.map(({ step, value }) => [step, value])).toEqual(
    UP_TO_A_HUNDRED.slice(1).map((step) => [step, 10 * batchSize]),
  );
});

test('after a kill beyond the checkpoint no step is shown twice, and none is missing', () => {
  train(0, 70);
  train(40, 60, { second: 1_800_000_100 }); // killed again
  train(50, 100, { second: 1_800_000_200 });
  expectWhole();
});

test('a look that is repeated, because the checkpoint was taken before it, is shown once', () => {
  train(0, 70);
  train(40, 100, { looksAgain: true });
  expectWhole();
});

test('attempts within one second are read in their order, also where a clock went back', () => {
  train(0, 70);
  train(40, 80);
  train(60, 100, { second: 1_700_000_000 });
  expectWhole();
  expect(readdirSync(folder())).toHaveLength(3);
});

test('a last record that a kill cut short hides nothing', () => {
  train(0, 70);
  const [file] = readdirSync(folder());
  appendFileSync(join(folder(), file!), encodeRecord(Buffer.from('half')).subarray(0, 14));
  train(70, 100);
  expectWhole();
});

test('what was trained on another machine in between is made up for, on both', () => {
  const elsewhere = join(root, 'elsewhere');
  train(0, 40);
  train(30, 70, { at: elsewhere });
  train(60, 100);
  train(100, 100, { at: elsewhere });
  expectWhole();
  expectWhole(elsewhere);
});

test('a training goes on where the files cannot be written, and says so once', () => {
  writeFileSync(join(root, 'file'), '');
  expect(train(0, 100, { at: join(root, 'file') })).toMatchObject([{ code: 'ENOTDIR' }]);
});
