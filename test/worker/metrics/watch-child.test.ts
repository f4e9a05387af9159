import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import type { TrainingProgress } from '../../../activities/contract.ts';
import { planRun } from '../../../activities/identity/run-id.ts';
import type { TrainerReport } from '../../../activities/train-segment.ts';
import { createMeters } from '../../../worker/metrics/meters.ts';
import { watchChild, watchTrainer } from '../../../worker/metrics/watch-child.ts';
import { PROFILES } from '../../../workflows/profiles.ts';
import { recipe, TRUE_LABELS } from '../../../workflows/recipe.ts';
import { recordMeter } from './recorder.ts';

const planned = planRun(
  { name: 'procedural', sha256: '0'.repeat(64) },
  recipe(PROFILES.smoke, { model: 'mlp-1x512', corruption: TRUE_LABELS, seed: 1 }),
);
const { trajectory } = planned.run;
const LABELS = `{dataset="${trajectory.dataset.name}",device="cpu",model="${trajectory.model}"}`;

const progress = (changes: Partial<TrainingProgress>): TrainingProgress => ({
  runId: planned.id,
  resumedAt: 0,
  step: 0,
  steps: planned.run.stop.steps,
  loss: 2.3,
  stepsPerSecond: 50,
  trainAccuracyPercent: null,
  checkpoint: null,
  device: 'cpu',
  ...changes,
});
const checkpointAt = (step: number) => ({
  key: `checkpoints/${step}`,
  sha256: 'a'.repeat(64),
  bytes: 1,
  step,
});

function watched(before: unknown = null) {
  const recorder = recordMeter();
  const trainer = new EventEmitter();
  const clock = { seconds: 1000 };
  const meters = createMeters(recorder.meter);
  const device = 'cpu';
  watchChild(trainer, { meters, device, onGpu: false });
  watchTrainer(trainer, { planned, prepared: null }, before, {
    meters,
    device,
    now: () => 1000 * clock.seconds,
  });
  return {
    ...recorder,
    clock,
    trainer,
    says: (report: TrainerReport) => void trainer.emit('message', report),
    value: (name: string, labels = LABELS) => recorder.series.get(`rethinking_${name}${labels}`),
  };
}

test('steps and images are counted as they are reported, to the last one', () => {
  const { says, value } = watched();
  expect(value('training_steps_total')).toBe(0); // there before it moves
  expect(value('training_attempts_ended_total', LABELS.replace(',model', ',end="TrainerDied",model'))).toBe(
    0,
  );
  says({ kind: 'progress', progress: progress({ step: 10 }) });
  says({ kind: 'progress', progress: progress({ step: 30 }) });
  says({ kind: 'ended', finished: null, step: 35 });

  expect(value('training_steps_total')).toBe(35);
  expect(value('training_images_total')).toBe(35 * trajectory.batchSize);
});

test('a checkpoint is as old as its acknowledgement, the first one as the attempt', () => {
  const { says, value, clock } = watched();
  says({ kind: 'progress', progress: progress({ step: 10 }) });
  expect(value('training_checkpoint_timestamp_seconds')).toBe(1000);
  clock.seconds = 1030;
  says({ kind: 'progress', progress: progress({ step: 20 }) });
  expect(value('training_checkpoint_timestamp_seconds')).toBe(1000);
  says({ kind: 'progress', progress: progress({ step: 30, checkpoint: checkpointAt(20) }) });
  expect(value('training_checkpoint_timestamp_seconds')).toBe(1030);
});

test('a death costs the work after the newest checkpoint, at the speed that it had, and is counted once', () => {
  const { says, value } = watched(progress({ step: 300, stepsPerSecond: 40 }));
  says({
    kind: 'progress',
    progress: progress({ resumedAt: 100, step: 101, checkpoint: checkpointAt(100) }),
  });
  says({
    kind: 'progress',
    progress: progress({ resumedAt: 100, step: 150, checkpoint: checkpointAt(100) }),
  });

  expect(value('training_lost_seconds_total')).toBe(200 / 40);
  expect(value('training_attempts_resumed_total')).toBe(1);
  expect(value('training_steps_total')).toBe(50);
});

test('an attempt that ended at its checkpoint cost nothing, and a first one has lost nothing', () => {
  const after = watched(progress({ step: 99 }));
  after.says({ kind: 'progress', progress: progress({ resumedAt: 100, step: 101 }) });
  expect(after.value('training_lost_seconds_total')).toBe(0);

  const first = watched();
  first.says({ kind: 'progress', progress: progress({ step: 1 }) });
  expect(first.value('training_lost_seconds_total')).toBe(0);
});

test.each<[string, TrainerReport | null]>([
  ['checkpointed', { kind: 'ended', finished: null, step: 5 }],
  ['LossNotFinite', { kind: 'failed', type: 'LossNotFinite', message: '' }],
  ['TrainerDied', null],
])(
  'a trainer that ends as %s is counted so once, and leaves no number that looks like a training',
  (end, last) => {
    const { says, trainer, value } = watched();
    says({ kind: 'progress', progress: progress({ step: 5 }) });
    expect(value('training_running')).toBe(1);
    if (last) says(last);
    trainer.emit('close', null, 'SIGKILL');

    expect(value('training_attempts_ended_total', LABELS.replace(',model', `,end="${end}",model`))).toBe(1);
    expect(value('training_running')).toBe(0);
    for (const name of ['step', 'steps_wanted', 'loss', 'accuracy_ratio', 'checkpoint_timestamp_seconds']) {
      expect(value(`training_${name}`)).toBeNaN();
    }
  },
);

test('the end of one trainer says nothing of the next, which may have begun before the process is gone', () => {
  const { says, trainer, value, series } = watched();
  says({ kind: 'ended', finished: null, step: 5 });
  series.set(`rethinking_training_running${LABELS}`, 1); // the next one's
  trainer.emit('close', null, 'SIGKILL');
  expect(value('training_running')).toBe(1);
});

test('a trainer’s memory and its calls of the store are its worker’s', () => {
  const { says, trainer, value, observed } = watched();
  says({ kind: 'memory', bytes: 5e8 });
  says({ kind: 'store', call: { operation: 'putIfAbsent', seconds: 0.2, outcome: 'StoreUnreachable' } });

  expect(value('device_memory_used_bytes', '{device="cpu"}')).toBe(5e8);
  expect(
    observed.get(
      'rethinking_store_request_duration_seconds{operation="putIfAbsent",outcome="StoreUnreachable"}',
    ),
  ).toEqual([0.2]);
  trainer.emit('close', null, 'SIGKILL');
  expect(value('device_memory_used_bytes', '{device="cpu"}')).toBeNaN();
});
