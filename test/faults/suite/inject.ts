/** How each kind of fault is done: on the operating system's side, never by a hook in what is tested. */
import { setTimeout as sleep } from 'node:timers/promises';
import { leashOf } from '../../../worker/stack/lock.ts';
import { childrenOf } from '../processes.ts';
import { fillDisk } from './disk.ts';
import type { Kind } from './kinds.ts';
import type { Toxic, Upstream } from './proxies.ts';
import { flipBit, type SeenRun } from './runs.ts';
import type { Fault } from './schedule.ts';
import type { Watch } from './watch.ts';
import type { World } from './world.ts';

/** Does the fault and resolves when it is over, whatever follows from it. Null while there is nothing that it is meant
 *  for. */
export function prepare(
  { kind, lastsMs, dose }: Fault,
  world: World,
  seen: Watch,
): (() => Promise<void>) | null {
  const { stack, workers, objects } = world;
  const kill = (pids: readonly number[]) => async () => signal(pids, 'SIGKILL');
  const stop = (pids: readonly number[]) => async () => {
    signal(pids, 'SIGSTOP');
    await sleep(lastsMs);
    signal(pids, 'SIGCONT');
  };
  const on = (
    pids: readonly (number | null | undefined)[],
    act: (pids: readonly number[]) => () => Promise<void>,
  ) => {
    const there = pids.flatMap((pid) => (pid ? [pid] : []));
    return there.length === pids.length && there.length > 0 ? act(there) : null;
  };
  const train = workers.pid('train');
  const trainers = train ? childrenOf(train) : [];
  const chosen = (runs: readonly SeenRun[]) => runs[Math.floor(dose * runs.length)];
  const damage = (run: SeenRun, key: string) => {
    seen.forgive(run.id);
    return flipBit(objects, key, dose);
  };
  const damageFinished = (file: string) => {
    const run = chosen(seen.runs().filter(({ finished }) => finished));
    const key = run && seen.keys().find((key) => key.endsWith(`/runs/${run.id}/${file}`));
    return run && key ? () => damage(run, key) : null;
  };
  const { proxies } = world;
  const poison = (upstream: Upstream, toxics: readonly Toxic[]) =>
    proxies && (() => proxies.poison(upstream, toxics, lastsMs));

  const faults: Record<Kind, () => (() => Promise<void>) | null> = {
    'kill-trainer': () => on(trainers.slice(0, 1), kill),
    'kill-train-worker': () => on([train], kill),
    'kill-light-worker': () => on([workers.pid('light')], kill),
    'kill-temporal': () => on([stack.pids().temporal], kill),
    'kill-s3': () => on([stack.pids().s3], kill),
    'kill-leash': () => on([leashOf(world.folder)], kill),
    'stop-trainer': () => on(trainers.slice(0, 1), stop),
    'stop-train-worker': () => (trainers.length > 0 ? on([train, ...trainers], stop) : null),
    'stop-temporal': () => on([stack.pids().temporal], stop),
    'stop-s3': () => on([stack.pids().s3], stop),
    'refuse-temporal': () => proxies && (() => proxies.refuse('temporal', lastsMs)),
    'slow-temporal': () => poison('temporal', both({ type: 'latency', attributes: latency(dose) })),
    'cut-temporal': () => poison('temporal', both({ type: 'limit_data', attributes: { bytes: some(dose) } })),
    'refuse-s3': () => proxies && (() => proxies.refuse('s3', lastsMs)),
    'slow-s3': () =>
      poison('s3', [
        ...both({ type: 'latency', attributes: latency(dose) }),
        ...both({ type: 'bandwidth', attributes: { rate: SLOWEST_KB + Math.round(dose * 1000) } }),
      ]),
    'cut-s3': () => poison('s3', both({ type: 'limit_data', attributes: { bytes: many(dose) } })),
    'full-disk': () => () => fillDisk(world.folder, lastsMs),
    'damage-checkpoint': () => {
      const run = seen.runs().find(({ finished, links }) => !finished && links.length > 0);
      const key = run?.links[0]?.key;
      if (!run || !key || trainers.length === 0 || !seen.keys().includes(key)) return null;
      return async () => {
        // The trainer first: it would write another one, and nobody would read this.
        signal(trainers, 'SIGKILL');
        await damage(run, key);
      };
    },
    'damage-pointer': () => {
      const run = seen.runs().find(({ finished, links }) => !finished && links.length > 0);
      const key = run && seen.keys().find((key) => key.endsWith(`/runs/${run.id}/checkpoint.json`));
      if (!run || !key || trainers.length === 0) return null;
      return async () => {
        signal(trainers, 'SIGKILL');
        await damage(run, key);
      };
    },
    'damage-images': () => {
      const images = seen.keys().filter((key) => /\/prepared\/.*train-images\.npy$/.test(key));
      if (trainers.length === 0 || images.length === 0) return null;
      return async () => {
        signal(trainers, 'SIGKILL');
        await Promise.all(images.map((key) => flipBit(objects, key, dose)));
      };
    },
    'damage-weights': () => damageFinished('weights.safetensors'),
    'damage-curve': () => damageFinished('curve.csv'),
  };
  return faults[kind]();
}

const SLOWEST_KB = 200; // a second

const latency = (dose: number) => ({ latency: Math.round(50 + 950 * dose), jitter: 50 }); // milliseconds
/** Bytes after which a connection ends: within a message of Temporal's, within an object. */
const some = (dose: number) => Math.round(100 + 20_000 * dose);
const many = (dose: number) => Math.round(1_000 + 4_000_000 * dose);

const both = (toxic: Pick<Toxic, 'type' | 'attributes'>): Toxic[] => [
  { ...toxic, stream: 'upstream' },
  { ...toxic, stream: 'downstream' },
];

function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error; // it ended by itself
    }
  }
}
