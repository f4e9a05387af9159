import { expect, test } from 'vitest';
import { duration, type Row, renderPlain, renderRows } from '../../../worker/cli/rows.ts';

const running: Row = {
  title: 'alexnet, true labels, 256 images, seed 1',
  state: 'waiting',
  progress: {
    runId: '0'.repeat(20),
    resumedAt: 0,
    step: 150,
    steps: 600,
    loss: 0.12345,
    stepsPerSecond: 4.5,
    trainAccuracyPercent: 97.65625,
    checkpoint: null,
    device: 'cpu',
  },
  paused: null,
  trouble: null,
};

test('a running training shows step, loss, accuracy, speed and the longest time left', () => {
  expect(renderPlain(running)).toBe(
    'alexnet, true labels, 256 images, seed 1: step 150/600, loss 0.123, train 97.7 %, ' +
      '4.5 steps/s, ≤ 2 min left',
  );
});

test('a fast training’s speed is a plain number', () => {
  const fast = { ...running, progress: { ...running.progress!, stepsPerSecond: 154.2 } };
  expect(renderPlain(fast)).toContain(', 154 steps/s,');
});

test('a bar fills with the steps', () => {
  expect(renderRows([running], 200)).toContain(`${'█'.repeat(3)}${'░'.repeat(7)}`);
});

test('rows are cut to the terminal, so that a redraw never wraps', () => {
  const lines = renderRows([running, { ...running, state: 'stored', progress: null }], 60).split('\n');
  expect(lines).toHaveLength(2);
  for (const line of lines) expect(line.length).toBeLessThan(60);
});

test('a stored run says that it comes from the store', () => {
  expect(renderPlain({ ...running, state: 'stored', progress: null })).toBe(
    'alexnet, true labels, 256 images, seed 1: from the store',
  );
});

test('a training whose attempt died says what of', () => {
  expect(
    renderPlain({ ...running, trouble: 'attempt 2, after: The trainer process ended with SIGKILL.' }),
  ).toBe(
    'alexnet, true labels, 256 images, seed 1: waiting (attempt 2, after: The trainer process ended with SIGKILL.)',
  );
});

test('durations are said as people say them', () => {
  expect([4.2, 89, 91, 3600, 5400, 36_000, 216_000].map(duration)).toEqual([
    '5 s',
    '89 s',
    '2 min',
    '60 min',
    '1.5 h',
    '10.0 h',
    '2.5 days',
  ]);
});

test('a paused training says where it stands and by what', () => {
  const paused = { ...running, paused: 'temporal activity pause (alice@laptop: lunch)' };
  expect(renderPlain(paused)).toBe(
    'alexnet, true labels, 256 images, seed 1: paused at step 150 of 600 by temporal activity pause (alice@laptop: lunch)',
  );
  expect(renderRows([paused], 200)).toMatch(/^‖ alexnet/);
});
