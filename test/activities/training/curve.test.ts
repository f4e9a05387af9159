import { expect, test } from 'vitest';
import { curveCsv, evaluationsCsv } from '../../../activities/training/curve.ts';
import { parseEvaluations } from '../../../activities/verdicts/early-stopping.ts';

test('a loss is written with the fewest digits that read back as the same float32', () => {
  const losses = Float32Array.of(2.3, 0.1, 1e-7, 1 / 3, 16777217, 0);
  const csv = curveCsv(losses);
  expect(csv).toBe('step,loss\n1,2.3\n2,0.1\n3,1e-7\n4,0.33333334\n5,16777216\n6,0\n');
  const read = csv
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => Number(line.split(',')[1]));
  expect(Float32Array.from(read)).toEqual(losses);
});

test('right answers among five guesses stand behind, and are read back', () => {
  const look = { train: { correct: 5, top5: 9, images: 10 }, test: { correct: 4, top5: 8, images: 10 } };
  const csv = evaluationsCsv([{ step: 10, ...look, wholeTrain: null }]);
  expect(csv).toBe(
    'step,train_correct,train_images,test_correct,test_images,train_top5,test_top5\n10,5,10,4,10,9,8\n',
  );
  expect(parseEvaluations(csv, 'these')).toEqual([{ step: 10, ...look }]);
});

test('an evaluation shows the whole training set where it was looked at, else the monitored images', () => {
  const monitored = { train: { correct: 95, images: 100 }, test: { correct: 12, images: 90 } };
  const csv = evaluationsCsv([
    { step: 10, ...monitored, wholeTrain: null },
    { step: 20, ...monitored, wholeTrain: { correct: 948, images: 1000 } },
  ]);
  expect(csv).toBe(
    'step,train_correct,train_images,test_correct,test_images\n10,95,100,12,90\n20,948,1000,12,90\n',
  );
});
