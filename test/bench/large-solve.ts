/** K α = y for more points than a factor takes in seconds, MNIST's 60,000 for one: ours alone, killed (kill -9) when half
 *  of the decades to its residual are done, and gone on with from the iterate that it kept. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { availableMemory } from 'node:process';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { bytesOf, methodFor } from '../../activities/kernel/method.ts';
import type { KernelMethod } from '../../activities/kernel/solve.ts';
import { PIXELS } from './kernel-sample.ts';
import type { Status } from './status.ts';
import { threadVariables } from './subject.ts';

const Method: z.ZodType<KernelMethod> = z.strictObject({
  preconditioner: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('cholesky') }),
    z.strictObject({ kind: z.literal('nystrom'), landmarks: z.int(), seed: z.int() }),
  ]),
  product: z.enum(['float64', 'float32', 'computed']),
});

/** checkpoint: a file. */
export const SolveRequest = z.strictObject({
  points: z.int().positive(),
  method: Method,
  stop: z.strictObject({ residual: z.number().positive(), iterations: z.int().positive() }),
  checkpoint: z.string(),
});
export type SolveRequest = z.infer<typeof SolveRequest>;

const SolveMessage = z.discriminatedUnion('kind', [
  /** from: the iteration that it goes on from. */
  z.strictObject({ kind: z.literal('prepared'), seconds: z.number(), from: z.int() }),
  z.strictObject({
    kind: z.literal('iterate'),
    iteration: z.int(),
    exact: z.boolean(),
    residual: z.number(),
    errors: z.int(),
    peakBytes: z.number(),
  }),
]);
export type SolveMessage = z.infer<typeof SolveMessage>;
type Iterated = Extract<SolveMessage, { kind: 'iterate' }>;

export interface LargeSolve {
  points: number;
  dimensions: number;
  method: KernelMethod;
  /** As it was reckoned beforehand, and as it came to. */
  expectedBytes: number;
  peakBytes: number;
  /** Of both processes together, and of the preparation alone, which a kill makes a second one necessary of. */
  seconds: number;
  preparationSeconds: number;
  /** Until no training error was left; null if some are. */
  interpolatedSeconds: number | null;
  iterations: number;
  residual: number;
  errors: number;
  /** The iteration that the second process went on from; null where the first one was not killed. */
  resumedAt: number | null;
}

const STOP = {
  cholesky: { residual: 1e-10, iterations: 50 },
  nystrom: { residual: 1e-2, iterations: 500 },
};

export async function measureLargeSolve(
  points: number,
  { work, threads, kill }: { work: string; threads: number; kill: boolean },
  status: Status,
): Promise<LargeSolve> {
  const size = { n: points, d: PIXELS };
  const available = availableMemory();
  const method = methodFor(size, available);
  const stop = STOP[method.preconditioner.kind];
  const request: SolveRequest = { points, method, stop, checkpoint: join(work, `iterate-${points}`) };
  const about = `${points} points, ${method.preconditioner.kind}`;
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1000;
  const seen: (Iterated & { seconds: number })[] = [];
  const preparations: Extract<SolveMessage, { kind: 'prepared' }>[] = [];

  const attempt = async (goal: number) => {
    status.at(
      about,
      `builds the kernel, ${gigabytes(bytesOf(method, size))} of ${gigabytes(available)} free`,
    );
    const child = start(request, threads);
    for await (const message of messagesOf(child)) {
      if (message.kind === 'prepared') {
        preparations.push(message);
        continue;
      }
      seen.push({ ...message, seconds: seconds() });
      const { iteration, residual, errors } = message;
      status.at(about, `iteration ${iteration}, residual ${residual.toExponential(1)}, ${errors} errors`);
      if (residual <= goal) {
        child.kill('SIGKILL');
        return;
      }
    }
  };
  if (kill) {
    await attempt(Math.sqrt(stop.residual));
    status.at(`${about}, killed`, 'goes on');
  }
  await attempt(0);

  const last = seen.at(-1)!;
  return {
    ...{ points, dimensions: PIXELS, method, expectedBytes: bytesOf(method, size) },
    peakBytes: Math.max(...seen.map(({ peakBytes }) => peakBytes)),
    seconds: seconds(),
    preparationSeconds: preparations[0]!.seconds,
    interpolatedSeconds: seen.find(({ errors }) => errors === 0)?.seconds ?? null,
    ...{ iterations: last.iteration, residual: last.residual, errors: last.errors },
    resumedAt: kill ? preparations[1]!.from : null,
  };
}

function start(request: SolveRequest, threads: number): ChildProcess {
  const script = join(import.meta.dirname, 'solve-process.js');
  const child = spawn(process.execPath, [script, JSON.stringify(request)], {
    env: { ...process.env, ...threadVariables(threads) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const killed = () => child.kill('SIGKILL');
  process.once('exit', killed);
  child.once('exit', () => process.off('exit', killed));
  return child;
}

/** Fails when the process ends otherwise than done or killed by us. */
async function* messagesOf(child: ChildProcess): AsyncGenerator<SolveMessage> {
  const ended = new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (...how) => resolve(how));
  });
  for await (const line of createInterface({ input: child.stdout! }))
    yield SolveMessage.parse(JSON.parse(line));
  const [code, signal] = await ended;
  if (code === 0) return;
  throw new Error(
    signal === 'SIGKILL'
      ? 'The solver was killed by the system, which does so when memory runs out: end other programs, or take fewer points.'
      : `The solver ended with ${signal ?? code}.`,
  );
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;

export function largeSolves(solves: readonly LargeSolve[]): string[] {
  return solves.flatMap((solve) => [
    `## Kernel system of ${solve.points.toLocaleString('en')} points`,
    '',
    `${solve.dimensions} coordinates, ${nameOf(solve.method)}: ${(solve.seconds / 60).toFixed(1)} minutes ` +
      `(${Math.round(solve.preparationSeconds)} s of them to build the kernel${solve.resumedAt === null ? '' : ', twice'}), ` +
      `${solve.interpolatedSeconds === null ? `${solve.errors} training errors left` : `no training error after ${Math.round(solve.interpolatedSeconds)} s`}, ` +
      `residual ${solve.residual.toExponential(1)} after ${solve.iterations} iterations, ` +
      `${gigabytes(solve.peakBytes)} at the most (reckoned beforehand: ${gigabytes(solve.expectedBytes)}).` +
      (solve.resumedAt === null ? '' : ` Killed on the way, it went on from iteration ${solve.resumedAt}.`),
    '',
  ]);
}

const nameOf = ({ preconditioner, product }: KernelMethod) =>
  `${preconditioner.kind === 'cholesky' ? 'Cholesky' : `${preconditioner.landmarks} landmarks`}, ` +
  `${product === 'computed' ? 'kernel computed for every product' : `${product} blocks kept`}`;
