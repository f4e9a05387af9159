/** Kernel systems, and the choices that they want, each in a process of its own as a segment of a training is: native
 *  products run for minutes. What is in the store already costs a process of a second. */
import type { ChildProcess } from 'node:child_process';
import { Context } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';
import { type ChildReport, supervise } from './child/supervise.ts';
import type { Activities, ChoiceRequest, KernelChoice, KernelSystem, SolvedKernel } from './contract.ts';
import { Failure } from './failure/failure.ts';

/** What goes to the solver process. token: fences off earlier attempts. */
export type SolverOrder =
  | { kind: 'choose'; request: ChoiceRequest }
  | { kind: 'solve'; request: { system: KernelSystem; l2: number[] }; token: string }
  | { kind: 'stop' };

/** result: null when it was stopped. */
interface SolverEnd<Result> {
  result: Result | null;
}

/** stretch: what is being computed, for people. */
export type SolverReport = ChildReport<{ stretch: string }, SolverEnd<KernelChoice | SolvedKernel[]>>;

interface Forking {
  /** Starts a solver process with an IPC channel; it ends by itself when the channel closes. */
  forkSolver: () => ChildProcess;
}

export const createChooseKernel =
  ({ forkSolver }: Forking): Activities['chooseKernel'] =>
  (request) =>
    inSolver<KernelChoice>(forkSolver(), () => ({ kind: 'choose', request }));

export const createSolveKernel =
  ({ forkSolver }: Forking): Activities['solveKernel'] =>
  (request) =>
    inSolver<SolvedKernel[]>(forkSolver(), (token) => ({ kind: 'solve', request, token }));

async function inSolver<Result>(
  solver: ChildProcess,
  orderOf: (token: string) => SolverOrder,
): Promise<Result> {
  const context = Context.current();
  const { info } = context;
  const order = orderOf(`${info.workflowExecution?.runId}/${info.activityId}/${info.attempt}`);
  const { result } = await supervise<SolverEnd<Result>>(solver, {
    name: 'solver',
    order,
    attempt: context,
    known: info.heartbeatDetails,
  });
  if (result) return result;
  if (context.cancellationDetails?.workerShutdown) {
    throw new Failure('WorkerStopping', 'The worker stops; the iterate is in the store.');
  }
  throw new CancelledFailure('CANCELLED'); // or paused: the server knows which
}
