/** One round: a whole Figure 1 from nothing, faults meanwhile, and then everything that must hold. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowFailedError } from '@temporalio/client';
import { layout } from '../../../worker/stack/record.ts';
import { prepare } from './inject.ts';
import { compareDigests, type Digests, digestsOf, leaks, leftovers } from './invariants.ts';
import { descendants } from './processes.ts';
import type { Fault } from './schedule.ts';
import { type Watch, type Watched, watch } from './watch.ts';
import { openStack, openWorld, type Place, storeOf, type World } from './world.ts';

const ROUND_LIMIT_MS = 20 * 60_000; // without faults it takes one; a busy machine and the longest back-offs are in it
const WORK_LIMIT_MS = 60_000; // whether work goes on is the round's limit to judge; the next fault comes after this
const POLL_MS = 50;

export interface Struck {
  fault: Fault;
  /** Until something was written again after the fault's end; null when the figure was done before. */
  goesOnAfterMs: number | null;
}

export interface Round {
  struck: Struck[];
  /** From the start of the figure to its result. */
  seconds: number;
  violations: string[];
  watched: Omit<Watched, 'violations'>;
  digests: Digests;
}

export interface Asked {
  place: Place;
  mark: string;
  workflowId: string;
  input: object;
  /** Those that strike before the figure is done are struck, in this order. */
  faults: readonly Fault[];
  undisturbed: Digests | null;
  onFault: (fault: Fault) => void;
}

export async function runRound(asked: Asked): Promise<Round> {
  const { place, mark, workflowId, faults, undisturbed, onFault } = asked;
  const { folder, bucket } = place;
  const world = await openWorld(place);
  const seen = watch(world);
  const startedAt = performance.now();
  const figure = makeFigure(world, workflowId, asked.input);
  let ended = false;
  figure.finally(() => {
    ended = true;
  });
  const struck = await strike(faults, { world, seen, over: () => ended, onFault });
  const failure = await figure;
  const seconds = (performance.now() - startedAt) / 1000;
  // Damage that nobody has read yet is found by whoever asks again; and what is whole is not made again.
  const again = failure ?? (await makeFigure(world, `${workflowId}-again`, asked.input));
  const { violations: seenWrong, ...watched } = await seen.stop();
  await world.close();
  const orphans = await descendantsLeft(mark, folder);

  const stack = await openStack(place);
  const tolerated = unread(struck, seen.keys());
  const { digests, violations } = await digestsOf(storeOf(stack, bucket), tolerated);
  const wrong = [
    ...[failure, again].filter((text) => text !== null),
    ...seenWrong,
    ...violations,
    ...(undisturbed ? compareDigests(undisturbed, digests, tolerated) : []),
    ...orphans.map((process) => `a process is left: ${process}`),
    ...(await leftovers(stack, folder, bucket)),
    ...(await leaks(folder, stack.s3.secretAccessKey, workflowId)),
  ];
  await stack.stop();
  await rm(join(layout(folder).objects, bucket), { recursive: true, force: true });
  return { struck, seconds, violations: [...new Set(wrong)], watched, digests };
}

/** Null when it finished without help, else what became of it. */
async function makeFigure({ client }: World, workflowId: string, input: object): Promise<string | null> {
  const until = Date.now() + ROUND_LIMIT_MS;
  const start = { workflowId, taskQueue: 'rethinking', args: [input] };
  const handle = await client.workflow.start('reproduceFigure1', {
    ...start,
    workflowIdConflictPolicy: 'USE_EXISTING',
  });
  while (Date.now() < until) {
    const result = handle.result().then(
      () => null,
      (error: unknown) => {
        if (error instanceof WorkflowFailedError) return `${error.message}: ${rootOf(error)}`;
        return 'unreachable' as const; // the server is what is struck
      },
    );
    const late = sleep(until - Date.now(), 'late' as const, { ref: false });
    const end = await Promise.race([result, late]);
    if (end !== 'unreachable' && end !== 'late') return end;
    await sleep(POLL_MS);
  }
  await handle.terminate('the round is over').catch(() => {});
  return `${workflowId} had not finished after ${ROUND_LIMIT_MS / 60_000} minutes`;
}

const rootOf = (error: Error): string => (error.cause instanceof Error ? rootOf(error.cause) : error.message);

async function strike(
  faults: readonly Fault[],
  {
    world,
    seen,
    over,
    onFault,
  }: { world: World; seen: Watch; over: () => boolean; onFault: (fault: Fault) => void },
): Promise<Struck[]> {
  const struck: Struck[] = [];
  const until = async (reached: () => boolean, limitMs = Number.POSITIVE_INFINITY) => {
    for (let waited = 0; !over() && !reached() && waited < limitMs; waited += POLL_MS) await sleep(POLL_MS);
  };
  await until(() => seen.lastWrite() > 0);
  for (const fault of faults) {
    await until(() => false, fault.gapMs);
    let act: (() => Promise<void>) | null = null;
    await until(() => {
      act ??= prepare(fault, world, seen);
      return act !== null;
    });
    const ready = act as (() => Promise<void>) | null; // the compiler does not see the closure assign
    if (over() || ready === null) break;
    onFault(fault);
    const began = Date.now();
    await ready();
    const endedAt = Date.now();
    const one: Struck = { fault, goesOnAfterMs: null };
    struck.push(one);
    const goesOn = until(() => seen.lastWrite() > endedAt, WORK_LIMIT_MS).then(() => {
      if (seen.lastWrite() > endedAt) one.goesOnAfterMs = Math.round(seen.lastWrite() - began);
    });
    if (!fault.atOnce) await goesOn;
  }
  return struck;
}

/** Damaged on purpose: what nothing reads any more stays as it is, and `gc` or a longer run sees to it. */
function unread(struck: readonly Struck[], keys: readonly string[]): Set<string> {
  const kinds = new Set(struck.map(({ fault }) => fault.kind));
  return new Set(
    keys.filter(
      (key) =>
        (kinds.has('damage-checkpoint') && key.includes('/checkpoints/')) ||
        (kinds.has('damage-pointer') && key.endsWith('/checkpoint.json')) ||
        (kinds.has('damage-images') && /\/prepared\/.*train-images\.npy$/.test(key)),
    ),
  );
}

/** A process that was told to end has a moment. */
async function descendantsLeft(mark: string, folder: string): Promise<string[]> {
  const LIMIT_MS = 10_000;
  for (let waited = 0; ; waited += POLL_MS) {
    const left = descendants(mark, folder);
    if (left.length === 0 || waited >= LIMIT_MS) return left;
    await sleep(POLL_MS);
  }
}
