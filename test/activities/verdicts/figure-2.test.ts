import { expect, test } from 'vitest';
import type { Verdict } from '../../../activities/contract.ts';
import { judgeFigure2 } from '../../../activities/verdicts/figure-2.ts';
import { trained } from './looks.ts';
import { cifar10, made } from './synthetic.ts';

function judged(
  { runs, looks }: ReturnType<typeof trained>,
  profile: 'paper' | 'quick' = 'paper',
): { gap: Verdict; early: Verdict; generalises: Verdict } {
  const [gap, early, generalises] = judgeFigure2({ profile, dataset: cifar10, runs }, looks);
  return { gap, early, generalises };
}

const AS_PUBLISHED = [14.25, 18.0] as [number, number];
const three = trained({ errors: AS_PUBLISHED }, { errors: [14.0, 17.9] }, { errors: [14.5, 18.1] });

test('three seeds like the paper’s reproduce all three claims', () => {
  const { gap, early, generalises } = judged(three);

  expect(gap).toMatchObject({
    claim: 'figure-2b.batch-norm-gains',
    published: '3.75 points (85.75 − 82.00 %, Table 1)',
    measured: '+3.75, +3.90, +3.60 points, seed by seed.',
    kind: 'reproduced',
  });
  expect(early).toMatchObject({ claim: 'figure-2b.early-stopping-gains-nothing', kind: 'reproduced' });
  expect(generalises).toMatchObject({
    claim: 'figure-2b.generalises-without-batch-norm',
    measured:
      'with batch norm 85.75 %, 86.00 %, 85.50 %; without 82.00 %, 82.10 %, 81.90 %: keeps 0.95, 0.95, 0.95.',
    kind: 'reproduced',
  });
});

test('the measured gain stands beside how often was looked and the noise of one look', () => {
  const { measured } = judged(trained({ errors: AS_PUBLISHED, along: [80, 86, 85] })).early;

  expect(measured).toBe(
    'with batch norm 1.00 points (best of 3 looks at 2,000 images; standard error of one 0.80); ' +
      'without 1.00 points (best of 3 looks at 2,000 images; standard error of one 0.80).',
  );
});

test('one seed shows the way and is no verdict', () => {
  const verdicts = judged(trained({ errors: AS_PUBLISHED }));

  for (const verdict of Object.values(verdicts)) {
    expect(verdict).toMatchObject({ kind: 'not judged at this scale', agrees: true });
  }
});

test('the quick profile shows and does not judge', () => {
  expect(judged(three, 'quick').gap).toMatchObject({
    kind: 'not judged at this scale',
    reason: 'The quick profile is too small to show it; the paper profile can.',
  });
});

test('a difference of 8 points is off', () => {
  const wide = trained({ errors: [14, 22] }, { errors: [14.1, 22.1] }, { errors: [13.9, 21.95] });

  expect(judged(wide).gap).toMatchObject({ kind: 'off', agrees: false });
});

test('seeds that lie far apart decide nothing', () => {
  const scattered = trained({ errors: [14, 16] }, { errors: [14, 20] }, { errors: [14, 17.3] });

  expect(judged(scattered).gap).toMatchObject({ kind: 'not judged at this scale', agrees: true });
});

test('a gain of more than a point and the noise speaks against the claim, and how one looks could turn it', () => {
  const peak = [82, 87, 84.2]; // 2.8 points; a look has a standard error of 0.82
  const runs = trained(...[1, 2, 3].map(() => ({ errors: AS_PUBLISHED, along: peak })));

  expect(judged(runs).early).toMatchObject({ kind: 'depends on an open choice', agrees: false });
});

test('a gain above a point that is within the noise of a look decides nothing', () => {
  const peak = [82, 87, 85.9]; // 1.1 points
  const runs = trained(...[1, 2, 3].map(() => ({ errors: AS_PUBLISHED, along: peak })));

  expect(judged(runs).early).toMatchObject({ kind: 'not judged at this scale', agrees: null });
});

test('a network that keeps less than nine tenths does not generalise as well', () => {
  const lost = trained(...[1, 2, 3].map(() => ({ errors: [14.25, 26] as [number, number] }))); // (74 − 10) / 75.75 = 0.84

  expect(judged(lost).generalises).toMatchObject({ kind: 'depends on an open choice', agrees: false });
});

test('a network that diverges without batch norm speaks against two claims and says nothing of early stopping', () => {
  const diverged = trained(...[1, 2, 3].map(() => ({ errors: [14, null] as [number, null] })));
  const { gap, early, generalises } = judged(diverged);

  expect(gap).toMatchObject({
    kind: 'depends on an open choice',
    agrees: false,
    measured: 'a training of 3 seeds diverged.',
  });
  expect(generalises).toMatchObject({ kind: 'depends on an open choice', agrees: false });
  expect(generalises.measured).toContain('without diverged, diverged, diverged: keeps 0.00');
  expect(early.agrees).toBeNull();
});

test('a network that is missing is "not run"', () => {
  const { runs, looks } = trained({ errors: AS_PUBLISHED });
  const stopped = made({ model: 'inception-without-batch-norm', level: 0, failure: 'TrainingCancelled' });

  const verdicts = judged({ runs: [runs[0], stopped], looks });

  expect(verdicts.gap).toMatchObject({
    kind: 'not run',
    reason: 'Missing: inception-without-batch-norm, seed 1 (TrainingCancelled).',
  });
});

test('with an explicit regulariser nothing is judged, and the reason names it', () => {
  const { runs, looks } = three;
  const decayed = runs.map((run) => {
    const { trajectory, stop } = run.planned.run;
    const optimizer = { ...trajectory.optimizer, weightDecay: 0.0005 };
    return { ...run, planned: { ...run.planned, run: { trajectory: { ...trajectory, optimizer }, stop } } };
  });

  expect(judged({ runs: decayed, looks }).gap).toMatchObject({
    kind: 'not judged at this scale',
    reason: "Trained with weight decay 0.0005; the paper's figure is without.",
  });
});
