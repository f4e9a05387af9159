/** A kernel system too large to solve between two breaths, as a process that may be killed at any time: every iterate is
 *  kept, and a new process goes on from the last one. What it comes to, a line each, is what large-solve.ts reads. */
import { existsSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import type { Iterate } from '../../activities/kernel/conjugate-gradients.ts';
import { pixelPoints } from '../../activities/kernel/points.ts';
import { withSession } from '../../activities/kernel/session.ts';
import { prepareSystem, solveKernel } from '../../activities/kernel/solve.ts';
import { GAMMA } from './job.ts';
import { kernelSample, PIXELS } from './kernel-sample.ts';
import { type SolveMessage, SolveRequest } from './large-solve.ts';

const { points: n, method, stop, checkpoint } = SolveRequest.parse(JSON.parse(process.argv[2] ?? ''));
const say = (message: SolveMessage) => writeSync(1, `${JSON.stringify(message)}\n`);

const begun = performance.now();
const { pixels, labels } = kernelSample(n);
const task = { points: pixelPoints(pixels, PIXELS), labels, gamma: GAMMA, l2: 0, method, stop };
await withSession(async (session) => {
  const system = await prepareSystem(session, task);
  const from = existsSync(checkpoint) ? (deserialize(readFileSync(checkpoint)) as Iterate) : undefined;
  say({ kind: 'prepared', seconds: (performance.now() - begun) / 1000, from: from?.iteration ?? 0 });
  for await (const { state, residual, errors } of solveKernel(system, task, from)) {
    writeFileSync(`${checkpoint}.part`, serialize(state));
    renameSync(`${checkpoint}.part`, checkpoint); // whole, or not there
    const { iteration, exact } = state;
    say({ kind: 'iterate', iteration, exact, residual, errors, peakBytes: peakBytes() });
  }
});

function peakBytes(): number {
  const [, kibibytes = 0] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kibibytes) * 1024;
}
