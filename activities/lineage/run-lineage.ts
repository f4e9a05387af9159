/** Why a run is there: what it was made from and with, what it went on from, which stored run was most like it before,
 *  and who uses it. */

import { runsOf } from '../comparison/artifacts.ts';
import { readRun } from '../comparison/runs.ts';
import type { Outcome, Run } from '../contract.ts';
import { type Nearest, nearestRun } from '../plan/nearest.ts';
import type { StoredRun } from '../plan/stored-runs.ts';
import { type Origin, readOrigin, Segment } from '../provenance/origin.ts';
import * as keys from '../store/keys.ts';
import type { Store } from '../store/store.ts';
import { type Input, inputsNow } from './inputs.ts';

export interface RunLineage {
  run: Run;
  outcome: Outcome;
  origin: Origin;
  inputs: Input[];
  /** Null in records of before there was one. */
  segment: Segment | null;
  /** Of the runs that had ended when this one began; null: it was the first. */
  nearestBefore: Nearest | null;
  /** Keys of this run that were set aside because their bytes were damaged: it was trained again then. */
  setAside: string[];
  /** Folders of artifacts that were made from it. */
  usedBy: string[];
}

export async function lineageOfRun(
  store: Store,
  ids: Pick<Outcome, 'id' | 'trajectoryId'>,
  stored: readonly StoredRun[],
): Promise<RunLineage> {
  const { run, outcome, origin } = await readRun(store, ids);
  const before = stored.filter((other) => other.id !== ids.id && other.origin.endedAt <= origin.startedAt);
  const segment = Segment.safeParse(origin.parameters.get('segment'));
  return {
    run,
    outcome,
    origin,
    inputs: await inputsNow(store, origin),
    segment: segment.success ? segment.data : null,
    nearestBefore: nearestRun(before, run),
    setAside: await setAsideOf(store, ids),
    usedBy: await usersOf(store, ids.id),
  };
}

async function setAsideOf(store: Store, ids: Pick<Outcome, 'id' | 'trajectoryId'>): Promise<string[]> {
  const under = keys.damaged(`${keys.runsOfTrajectory(ids)}${ids.id}/`);
  const found: string[] = [];
  for await (const { key } of store.list(under)) found.push(key);
  return found;
}

const CRATE = /^(?!trajectories\/|datasets\/|damaged\/).*\/ro-crate-metadata\.json$/;

async function usersOf(store: Store, run: string): Promise<string[]> {
  const users: string[] = [];
  for await (const { key } of store.list('')) {
    if (!CRATE.test(key)) continue;
    const crate = await store.read(key);
    const origin = crate && readOrigin(crate.bytes);
    if (origin && runsOf(origin).includes(run)) users.push(key.slice(0, key.lastIndexOf('/')));
  }
  return users;
}
