/** Looks on while a figure is made: whether what was acknowledged is gone on with, and whether anything is trained
 *  twice. */
import { setTimeout as sleep } from 'node:timers/promises';
import { stepsOf } from '../../../worker/cli/follow.ts';
import { keysIn, lastWrite, runsIn, type SeenRun } from './runs.ts';
import type { World } from './world.ts';

const LOOK_MS = 150;

export interface Watch {
  /** As of the latest look. */
  runs(): readonly SeenRun[];
  keys(): readonly string[];
  /** Milliseconds since 1970. */
  lastWrite(): number;
  /** From now on this run, or this checkpoint of it, may be trained again, for it was damaged. */
  forgive(runId: string): void;
  stop(): Promise<Watched>;
}

export interface Watched {
  violations: string[];
  /** Steps that an attempt repeated, over all runs. */
  stepsTwice: number;
  attempts: number;
}

export function watch({ objects, client }: World): Watch {
  let runs: SeenRun[] = [];
  let keys: string[] = [];
  let written = 0;
  let stopped = false;
  const ledger = createLedger();

  const look = async () => {
    while (!stopped) {
      keys = await keysIn(objects);
      runs = await runsIn(objects, keys);
      written = await lastWrite(objects, keys);
      for (const run of runs) ledger.seeRun(run);
      await sleep(LOOK_MS);
    }
  };
  const ask = async () => {
    while (!stopped) {
      for (const { id } of runs.filter(({ finished }) => !finished)) {
        const { progress } = await stepsOf(client, id);
        if (progress) ledger.seeProgress(progress);
      }
      await sleep(LOOK_MS);
    }
  };
  const both = Promise.all([look(), ask()]);
  return {
    runs: () => runs,
    keys: () => keys,
    lastWrite: () => written,
    forgive: ledger.forgive,
    async stop() {
      stopped = true;
      await both;
      return ledger.close();
    },
  };
}

/** What was seen of each run, and what must not have been. */
export function createLedger() {
  interface Account {
    acknowledged: number;
    reached: number;
    resumedAt: number;
    tokens: Set<string>;
    /** The step that was acknowledged before each attempt's claim, and which of them is the latest heard of. */
    floors: number[];
    heard: number;
    forgiven: boolean;
  }
  const accounts = new Map<string, Account>();
  const violations: string[] = [];
  let stepsTwice = 0;
  const accountOf = (id: string): Account => {
    const known = accounts.get(id);
    if (known) return known;
    const account = {
      ...{ acknowledged: 0, reached: 0, resumedAt: 0, tokens: new Set<string>() },
      ...{ floors: [], heard: 0, forgiven: false },
    };
    accounts.set(id, account);
    return account;
  };

  return {
    seeRun({ id, token, links }: Pick<SeenRun, 'id' | 'token' | 'links'>) {
      const account = accountOf(id);
      if (!account.tokens.has(token)) account.floors.push(account.acknowledged);
      account.tokens.add(token);
      const newest = links[0]?.step ?? 0;
      if (newest < account.acknowledged && !account.forgiven) {
        violations.push(`run ${id} had a checkpoint at step ${account.acknowledged} and has ${newest} now`);
      }
      account.acknowledged = account.forgiven ? newest : Math.max(account.acknowledged, newest);
    },
    /** resumedAt: where the attempt began; step: where it is; checkpoint: the newest that it has in the store. */
    seeProgress({
      runId,
      resumedAt,
      step,
      checkpoint,
    }: {
      runId: string;
      resumedAt: number;
      step: number;
      checkpoint: { step: number } | null;
    }) {
      const account = accountOf(runId);
      if (resumedAt !== account.resumedAt || step < account.reached) {
        stepsTwice += Math.max(0, account.reached - resumedAt);
        const floor = account.floors[account.heard + 1] ?? 0; // a later attempt's is no lower
        if (resumedAt < floor && !account.forgiven) {
          violations.push(`run ${runId} went on at step ${resumedAt} and had a checkpoint at ${floor}`);
        }
        account.heard = account.floors.length - 1;
        account.resumedAt = resumedAt;
        account.reached = resumedAt;
      }
      account.reached = Math.max(account.reached, step);
      if (!account.forgiven) account.acknowledged = Math.max(account.acknowledged, checkpoint?.step ?? 0);
    },
    forgive(id: string) {
      accountOf(id).forgiven = true;
    },
    close: (): Watched => ({
      violations,
      stepsTwice,
      attempts: [...accounts.values()].reduce((sum, { tokens }) => sum + tokens.size, 0),
    }),
  };
}
