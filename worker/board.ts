/** A training as TensorBoard shows it while it runs. After a crash it goes on from the checkpoint's step: what was written
 *  beyond it is taken back, and what the folder lacks, because it was trained elsewhere, is made up for. */
import { join } from 'node:path';
import type { PlannedRun } from '../activities/contract.ts';
import type { Scalar } from '../activities/tensorboard/events.ts';
import { runFolder } from '../activities/tensorboard/run-folder.ts';
import {
  evaluationScalars,
  knownScalars,
  speedScalar,
  stepScalars,
  unseen,
} from '../activities/tensorboard/scalars.ts';
import type { Evaluation } from '../activities/training/convergence.ts';
import type { TrainingEvent } from '../activities/training/loop.ts';
import { type EventFile, openEventFile, shownSteps } from './event-files.ts';

export interface Board {
  see(event: TrainingEvent): void;
  close(): void;
}

const NO_BOARD: Board = { see() {}, close() {} };

/** Speed is the mean over at least so long. */
const SPEED_SECONDS = 1;

export interface BoardRequest {
  /** RETHINKING_TENSORBOARD; no board without. */
  root: string | undefined;
  planned: PlannedRun;
  /** The curve up to where this segment begins. */
  known: { losses: Float32Array; evaluations: readonly Evaluation[] };
  /** Told once when nothing more can be written: a training goes on without its picture. */
  onProblem(error: unknown): void;
  /** Milliseconds since 1970. */
  now?: () => number;
}

export function openBoard({ root, planned, known, onProblem, now = Date.now }: BoardRequest): Board {
  if (!root) return NO_BOARD;
  let board: Board | null = null;
  const unlessBroken = (work: () => void) => {
    try {
      work();
    } catch (error) {
      board = null;
      onProblem(error);
    }
  };
  unlessBroken(() => {
    board = continueBoard(join(root, runFolder(planned)), planned, known, () => now() / 1000);
  });
  return {
    see: (event) => unlessBroken(() => board?.see(event)),
    close: () => unlessBroken(() => board?.close()),
  };
}

function continueBoard(
  folder: string,
  { run: { trajectory } }: PlannedRun,
  known: BoardRequest['known'],
  seconds: () => number,
): Board {
  const from = known.losses.length;
  const shown = new Map([...shownSteps(folder)].map(([tag, step]) => [tag, Math.min(step, from)]));
  // A checkpoint may lie between a step and the look at it, which is then repeated.
  const write = (scalars: Scalar[]) => file.write(unseen(scalars, shown));
  const openedAt = seconds();
  const file: EventFile = openEventFile(folder, from, openedAt);
  write(knownScalars(trajectory, known, () => openedAt));
  let seenAt = openedAt;
  let compiled = false;
  let steps = 0;
  let taken = 0;
  return {
    see(event) {
      const wallTime = seconds();
      const passed = wallTime - seenAt;
      seenAt = wallTime;
      if (event.kind === 'evaluation') return write(evaluationScalars(event.evaluation, wallTime));
      write(stepScalars(trajectory, event, wallTime));
      // The first call compiles, and says nothing of the speed.
      if (compiled) {
        steps += event.losses.length;
        taken += passed;
      }
      compiled = true;
      if (taken < SPEED_SECONDS) return;
      write([speedScalar(event.step, (steps * trajectory.batchSize) / taken, wallTime)]);
      steps = 0;
      taken = 0;
    },
    close: file.close,
  };
}
