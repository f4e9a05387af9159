/** Ours and one other in turns: round by round both meet the same machine, and who goes first alternates. Two
 *  processes are there at a time, because all of them would not fit into memory. */
import type { Precision } from './job.ts';
import type { Ready } from './protocol.ts';
import { median } from './statistics.ts';
import type { Subject } from './subject.ts';
import type { Variant } from './variants.ts';

/** samples: seconds a step, round by round. */
export interface Measured extends Ready {
  samples: number[][];
  peakBytes: number | null;
}

export interface Pair {
  other: Measured;
  /** Of the reference in the same rounds. */
  reference: number[][];
}

export interface Comparison {
  reference: Measured;
  pairs: Pair[];
  /** What could not be measured, and why. */
  failed: { variant: string; reason: string }[];
}

export interface Protocol {
  rounds: number;
  /** Of one process in one round. */
  turnSeconds: number;
}

/** Steps that share a clock reading take at least this long, so that reading it costs nothing. */
const SAMPLE_SECONDS = 0.2;
const WARM_UP_SECONDS = 1;
const WARM_UP_STEPS = 3;

interface Turns {
  ready: Ready;
  /** One turn: the process goes on, an untimed step fills its caches, then the samples are taken, in seconds a
   *  step. */
  take(): Promise<number[]>;
}

export async function compare(
  { reference, others }: { reference: Variant; others: Variant[] },
  start: (variant: Variant) => Promise<Subject>,
  protocol: Protocol,
  progress: (variant: string, detail: string) => void,
): Promise<Comparison> {
  progress(reference.name, 'starts');
  const ours = await start(reference);
  try {
    const ourTurns = await warmUp(ours, protocol);
    const all: number[][] = [];
    const pairs: Pair[] = [];
    const failed: Comparison['failed'] = [];
    for (const other of others) {
      try {
        const say = (text: string) => progress(other.name, text);
        const pair = await comparePair(ourTurns, other.precision, () => start(other), protocol, say);
        pairs.push(pair);
        all.push(...pair.reference);
      } catch (error) {
        failed.push({ variant: other.name, reason: error instanceof Error ? error.message : String(error) });
      }
    }
    for (let round = 0; pairs.length === 0 && round < protocol.rounds; round++) {
      progress(reference.name, `round ${round + 1} of ${protocol.rounds}`);
      all.push(await ourTurns.take());
    }
    return { reference: { ...ours.ready, samples: all, peakBytes: ours.peakBytes() }, pairs, failed };
  } finally {
    await ours.end();
  }
}

async function comparePair(
  ours: Turns,
  precision: Precision,
  start: () => Promise<Subject>,
  protocol: Protocol,
  progress: (text: string) => void,
): Promise<Pair> {
  progress('starts');
  const subject = await start();
  try {
    expectSame(ours.ready, subject.ready, precision);
    const theirs = await warmUp(subject, protocol);
    const samples: number[][] = [];
    const reference: number[][] = [];
    const turns = [
      async () => reference.push(await ours.take()),
      async () => samples.push(await theirs.take()),
    ];
    for (let round = 0; round < protocol.rounds; round++) {
      progress(`round ${round + 1} of ${protocol.rounds}`);
      for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await turn();
    }
    return { other: { ...subject.ready, samples, peakBytes: subject.peakBytes() }, reference };
  } finally {
    await subject.end();
  }
}

/** Runs it warm, decides how many steps a turn has, and leaves it stopped. */
async function warmUp(subject: Subject, { turnSeconds }: Protocol): Promise<Turns> {
  const seconds: number[] = [];
  for (let spent = 0; spent < WARM_UP_SECONDS || seconds.length < WARM_UP_STEPS; spent += seconds.at(-1)!) {
    seconds.push(await subject.run(1));
  }
  const { steps, samples } = planTurn(median(seconds.slice(1)), turnSeconds);
  subject.pause();
  return {
    ready: subject.ready,
    async take() {
      subject.resume();
      await subject.run(1);
      const taken = [];
      for (let sample = 0; sample < samples; sample++) taken.push((await subject.run(steps)) / steps);
      subject.pause();
      return taken;
    },
  };
}

/** How many steps a sample has and how many samples a turn, from the seconds of a step. */
export function planTurn(stepSeconds: number, turnSeconds: number): { steps: number; samples: number } {
  const steps = Math.max(1, Math.round(SAMPLE_SECONDS / stepSeconds));
  return { steps, samples: Math.max(2, Math.round(turnSeconds / (steps * stepSeconds))) };
}

/** Rounding alone, over some layers and steps, with 24 and with 8 bits of mantissa. */
const ALLOWED: Record<Precision, number> = { float32: 1e-3, bfloat16: 5e-2, float64: 1e-6 };

/** Fails when two processes do not compute the same. */
export function expectSame(ours: Ready, theirs: Ready, precision: Precision): void {
  if (difference(ours.proof, theirs.proof) <= ALLOWED[precision]) return;
  throw new Error(
    `${theirs.variant} computes something else than ${ours.variant}: ` +
      `[${theirs.proof.join(', ')}], expected [${ours.proof.join(', ')}].`,
  );
}

/** The largest difference of two lists in parts of the largest value; infinite when one is shorter. */
export function difference(ours: readonly number[], theirs: readonly number[]): number {
  if (ours.length !== theirs.length) return Number.POSITIVE_INFINITY;
  if (ours.length === 0) return 0;
  const scale = Math.max(...ours.map(Math.abs));
  return Math.max(...ours.map((value, i) => Math.abs(value - theirs[i]!))) / scale;
}
