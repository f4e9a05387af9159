/** Solves a kernel system for every λ that the store does not have, goes on from the newest whole iterate, and
 *  checkpoints on a time budget. What a crash costs besides: the kernel matrix, which is computed anew. */
import { availableMemory } from 'node:process';
import type { KernelSystem, SolvedKernel } from '../activities/contract.ts';
import { encodeNpy } from '../activities/data/npy.ts';
import { Failure } from '../activities/failure/failure.ts';
import { type Iterate, relativeSize } from '../activities/kernel/conjugate-gradients.ts';
import { CLASSES, countErrors } from '../activities/kernel/labels.ts';
import { type Machine, type See, stopFor, withMachines } from '../activities/kernel/machine.ts';
import { rkhsNorm, zeroOneAlpha } from '../activities/kernel/norm.ts';
import { decodeIterate, encodeIterate, type SavedIterate } from '../activities/kernel/saved-iterate.ts';
import { fitted, solveKernel } from '../activities/kernel/solve.ts';
import { type Environment, provenance } from '../activities/provenance/provenance.ts';
import { CheckpointChain } from '../activities/store/checkpoint-chain.ts';
import { checkpointsOfKernel, findSolved, keepSolved, kernelId } from '../activities/store/kernels.ts';
import type { Store } from '../activities/store/store.ts';
import { type LoadedKernelData, loadKernelData } from './kernel-data.ts';
import { timeLeft } from './solving-pace.ts';
import { untilStopped } from './until-stopped.ts';

export interface Solving {
  store: Store;
  /** Fencing token: this attempt and no other. */
  token: string;
  environment: Environment;
  checkpointSeconds: number;
  see: See;
  stop: AbortSignal;
}

/** One λ of a system. */
interface Task {
  id: string;
  system: KernelSystem;
  l2: number;
  data: LoadedKernelData;
  startedAt: Date;
}

/** Null when it was stopped; the iterate is in the store then. */
export async function solveSystem(
  { system, l2 }: { system: KernelSystem; l2: number[] },
  solving: Solving,
): Promise<SolvedKernel[] | null> {
  const { store, see, stop } = solving;
  const find = () => Promise.all(l2.map((one) => findSolved(store, kernelId(system, one))));
  const known = await find();
  const missing = l2.filter((_, i) => !known[i]);
  if (missing.length > 0) {
    see('images');
    const data = await loadKernelData(store, system);
    let startedAt = new Date();
    await untilStopped(stop, see, (unlessStopped) =>
      withMachines(
        system,
        { data, l2: missing, see: unlessStopped, availableBytes: availableMemory() },
        async (machine, one) => {
          stop.throwIfAborted();
          const task = { id: kernelId(system, one), system, l2: one, data, startedAt };
          await solveOne(machine, task, solving);
          startedAt = new Date();
        },
      ),
    );
  }
  const solved = (await find()).filter((one) => one !== null);
  return solved.length === l2.length ? solved : null;
}

async function solveOne(machine: Machine, task: Task, solving: Solving): Promise<void> {
  const { id, l2, data, startedAt } = task;
  const { store, token, checkpointSeconds, see, stop } = solving;
  const chain = await CheckpointChain.claimAt(store, checkpointsOfKernel(id), token);
  const from = await newestIterate(store, chain);
  const seconds = () => (from?.seconds ?? 0) + (Date.now() - startedAt.getTime()) / 1000;
  const { labels } = data.train;
  const goal = stopFor(labels.length);
  const events = solveKernel(machine.system, { labels, l2, stop: goal }, from?.state);
  const left = timeLeft(goal.residual);
  let savedAt = performance.now();
  for (;;) {
    const next = await events.next();
    if (next.done) return finish(machine, { task, state: next.value, seconds: seconds() }, solving);
    const { state, residual, errors } = next.value;
    const now = performance.now();
    see(
      `λ = ${l2.toPrecision(2)}: iteration ${state.iteration}, residual ${residual.toExponential(1)}, ` +
        `${errors.toLocaleString('en')} training errors${left(residual, now)}`,
    );
    if (!stop.aborted && now - savedAt < checkpointSeconds * 1000) continue;
    savedAt = now;
    await chain.commit(state.iteration, encodeIterate({ state, seconds: seconds() }));
    if (stop.aborted) return;
  }
}

async function finish(
  machine: Machine,
  { task, state, seconds }: { task: Task; state: Iterate; seconds: number },
  { store, environment, see }: Solving,
): Promise<void> {
  const { id, system, l2, data, startedAt } = task;
  const { labels } = data.train;
  const outputs = fitted(machine.system, state, l2);
  see('test images');
  const tests = await machine.predict(state.alpha);
  await keepSolved(store, {
    solution: {
      id,
      system,
      l2,
      iterations: state.iteration,
      residual: relativeSize(state.residual, machine.system),
      trainErrors: countErrors(outputs, labels),
      testErrors: countErrors(tests, data.test.labels),
      norm: {
        plusMinusOne: rkhsNorm(state.alpha, outputs),
        zeroOne: rkhsNorm(zeroOneAlpha(state.alpha), zeroOneAlpha(outputs)),
      },
    },
    alpha: encodeNpy('float64', [labels.length, CLASSES], state.alpha),
    time: {
      seconds,
      threads: environment.threads,
      memoryBytes: process.resourceUsage().maxRSS * 1024,
      device: environment.device,
    },
    provenance: (files) =>
      provenance({
        title: `Kernel system ${id}`,
        about: 'Coefficients of a kernel machine, float64 [n, 10]: one column a class, for labels ±1.',
        inputs: data.files,
        outputs: files,
        parameters: { ...system, l2 },
        environment,
        startedAt,
        endedAt: new Date(),
      }),
  });
}

/** The newest whole one; damaged ones are set aside. */
async function newestIterate(store: Store, chain: CheckpointChain): Promise<SavedIterate | null> {
  for (const link of [...chain.links]) {
    try {
      return decodeIterate(await store.get(link));
    } catch (error) {
      if (!(error instanceof Failure && error.type === 'ObjectDamaged')) throw error;
      await chain.setAside(link);
    }
  }
  return null;
}
