/** Our kernel systems as one of the measured processes: a step builds the kernel and solves, from pixels to
 *  coefficients. */
import { availableMemory } from 'node:process';
import { methodFor } from '../../activities/kernel/method.ts';
import { pixelPoints } from '../../activities/kernel/points.ts';
import { withSession } from '../../activities/kernel/session.ts';
import {
  type KernelTask,
  prepareSystem,
  type SolveEvent,
  solveKernel,
} from '../../activities/kernel/solve.ts';
import type { KernelJob } from './job.ts';
import { PIXELS, readKernelSample } from './kernel-sample.ts';

/** As far as float64 sums go. */
const STOP = { residual: 1e-11, iterations: 50 };
/** Coefficients that everybody shows. */
const SHOWN = 20;

export async function kernelSubject({ input, gamma }: KernelJob) {
  const { pixels, labels } = readKernelSample(input);
  const points = pixelPoints(pixels, PIXELS);
  const method = methodFor({ n: points.n, d: PIXELS }, availableMemory());
  const task: KernelTask = { points, labels, gamma, l2: 0, method, stop: STOP };
  let last: SolveEvent | null = null;
  const solve = () =>
    withSession(async (session) => {
      for await (const event of solveKernel(await prepareSystem(session, task), task)) last = event;
    });
  return {
    async run(steps: number) {
      for (let step = 0; step < steps; step++) await solve();
      return [last!.residual];
    },
    logits: async () => [...last!.state.alpha.subarray(0, SHOWN)],
    residual: () => last!.residual,
  };
}
