/** Everything of ours that Prometheus can read, in one list. A series lasts as long as its process, since Temporal's meter
 *  forgets none: so every label is of a small closed set, none names a run (thousands a night; `npm run status` and the
 *  logs do), and a gauge of what has ended is NaN, which draws a gap and fires no alert. */
import type { MetricMeter } from '@temporalio/common';
import type { StoreCall } from '../../activities/child/supervise.ts';

/** Upper bounds in seconds: from a small object on the next machine to a large one tried nine times. */
export const BUCKETS = {
  rethinking_store_request_duration_seconds: [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
  ],
} as const satisfies Record<string, number[]>;

export type Meters = ReturnType<typeof createMeters>;

export function createMeters(meter: MetricMeter) {
  const gauge = (name: string, description: string) =>
    meter.createGauge(`rethinking_${name}`, 'float', '', description);
  const counter = (name: string, description: string) =>
    meter.createCounter(`rethinking_${name}`, '', description); // the exporter adds _total
  const histogram = (name: keyof typeof BUCKETS, description: string) =>
    meter.createHistogram(name, 'float', '', description);

  return {
    /** version, commit */
    build: gauge('build_info', 'Always 1: which code this worker runs'),

    // model, dataset, device: of the training that a device has now.
    running: gauge('training_running', '1 while a trainer is at work on a device, 0 after'),
    step: gauge('training_step', 'The step that the training has reached'),
    stepsWanted: gauge('training_steps_wanted', 'The step at which the training stops at the latest'),
    loss: gauge('training_loss', 'Mean training loss of the latest 20 steps'),
    accuracy: gauge('training_accuracy_ratio', 'Training accuracy at its latest evaluation'),
    checkpointAt: gauge(
      'training_checkpoint_timestamp_seconds',
      'When the store acknowledged the newest checkpoint, or the attempt began to train from it',
    ),
    steps: counter('training_steps', 'Steps trained, those repeated after a fault included'),
    images: counter('training_images', 'Images of the batches of those steps'),
    attempts: counter('training_attempts', 'Trainers started'),
    resumed: counter('training_attempts_resumed', 'Attempts that went on from a checkpoint'),
    /** and end: finished, checkpointed (a pause, a stop, the end of a segment), or the type of the failure */
    ended: counter('training_attempts_ended', 'Trainers that ended, by how'),
    lost: counter(
      'training_lost_seconds',
      'Work between the newest checkpoint and the death of the attempt before, in begun seconds of its own speed',
    ),

    // device
    memoryUsed: gauge(
      'device_memory_used_bytes',
      'GPU: used on it; CPU: resident in the process that computes',
    ),
    memoryTotal: gauge('device_memory_total_bytes', 'GPU: that it has; CPU: that the worker may use'),

    /** operation, outcome: ok or the type of the failure */
    storeRequest: histogram(
      'rethinking_store_request_duration_seconds',
      'Calls of the store by this worker and its trainers, the repetitions inside them included',
    ),

    // task_queue, kind: workflow or activity. Light workers ask.
    backlog: gauge('queue_backlog_tasks', 'Tasks that wait in a queue for a worker'),
    backlogAge: gauge('queue_backlog_age_seconds', 'How long the first of them has waited'),
    pollers: gauge(
      'queue_pollers',
      'Workers that asked the queue for work in the last minutes; one whose slots are taken asks no more',
    ),
    nightsFailed: gauge('nights_failed', 'Runs of nightlyPaper that failed within the last 24 hours'),
  };
}

export const countCall = ({ storeRequest }: Meters, { operation, outcome, seconds }: StoreCall): void =>
  storeRequest.record(seconds, { operation, outcome });
