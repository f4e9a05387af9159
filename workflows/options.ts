/** Every time limit and retry policy, named by kind of work. `limits` come from the worker's configuration:
 *  seconds on the local stack, minutes in production. */
import type { ActivityOptions } from '@temporalio/workflow';
import type { Limits } from '../activities/contract.ts';
import { FINAL_FAILURES } from '../activities/failure/failure.ts';

const retry = {
  initialInterval: '1 second',
  backoffCoefficient: 2,
  maximumInterval: '15 seconds', // a server that restarts is back within seconds
  nonRetryableErrorTypes: [...FINAL_FAILURES],
};

/** Reads, plans, drawings: seconds of work. */
export const quick = {
  taskQueue: 'rethinking',
  startToCloseTimeout: '2 minutes', // a picture of eleven levels and three models takes a few seconds
  // What was damaged stays so until it is trained again, which the workflow sees to.
  retry: { ...retry, nonRetryableErrorTypes: [...FINAL_FAILURES, 'ObjectDamaged'] },
} satisfies ActivityOptions;

/** Waits for a training that another workflow runs. */
export const waiting = (limits: Limits) =>
  ({
    taskQueue: 'rethinking',
    startToCloseTimeout: '60 days', // as long as the training; silence is what ends it
    heartbeatTimeout: limits.heartbeatSeconds * 1000,
    cancellationType: 'WAIT_CANCELLATION_COMPLETED', // it has to leave the training before it goes
    retry,
  }) satisfies ActivityOptions;

/** A message to people: one that cannot be delivered must not hold the night up. */
export const alerting = {
  ...quick,
  retry: { ...retry, maximumAttempts: 10 }, // two minutes
} satisfies ActivityOptions;

/** Downloads, decoding, corruption: minutes, and the network's mood. */
export const data = (limits: Limits) =>
  ({
    taskQueue: 'rethinking-data',
    startToCloseTimeout: '6 hours', // 170 MB over a poor line
    heartbeatTimeout: Math.max(limits.heartbeatSeconds, 30) * 1000, // hashing and writing 470 MB is one silent stretch, Theorem 1's exact check another
    retry,
  }) satisfies ActivityOptions;

/** A kernel system, or the choices that it wants. No limit on the attempts, as of a training: it goes on from its
 *  iterate. */
export const solving = (limits: Limits) =>
  ({
    taskQueue: 'rethinking-train',
    startToCloseTimeout: '7 days', // 32,000 filters of 50,000 images are hours; silence is what ends it
    heartbeatTimeout: limits.heartbeatSeconds * 1000, // the solver's own process computes; the worker's loop is free
    cancellationType: 'WAIT_CANCELLATION_COMPLETED', // it checkpoints before it goes
    retry,
  }) satisfies ActivityOptions;

/** Where trainings run, unless they are moved. */
export const TRAIN_QUEUE = 'rethinking-train';

/** One segment of a training. No limit on the attempts: a crash must not end a ten-day training; attempts that
 *  bring no checkpoint forward end with NoProgress. */
export const training = (limits: Limits, taskQueue: string) =>
  ({
    taskQueue,
    startToCloseTimeout: (limits.segmentSeconds * 3 + 3600) * 1000, // the segment ends itself; an hour for a slow last step and upload
    heartbeatTimeout: limits.heartbeatSeconds * 1000, // the trainer's own process steps; the worker's loop is free to beat
    cancellationType: 'WAIT_CANCELLATION_COMPLETED', // it checkpoints before it goes
    // Damaged images were set aside: the next attempt needs new ones, which the workflow has made.
    retry: { ...retry, nonRetryableErrorTypes: [...FINAL_FAILURES, 'ObjectDamaged'] },
  }) satisfies ActivityOptions;
