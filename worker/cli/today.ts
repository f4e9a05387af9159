/** What a recorded request would mean today: other options, another data set or another recipe make other runs. */
import type { DatasetId } from '../../activities/contract.ts';
import { Failure } from '../../activities/failure/failure.ts';
import { planRun } from '../../activities/identity/run-id.ts';
import type { RecordedRequest } from '../../activities/lineage/request.ts';
import { type Nearest, nearestRun } from '../../activities/plan/nearest.ts';
import type { StoredRun } from '../../activities/plan/stored-runs.ts';
import type { Session } from '../session.ts';
import { identifyImageNet, identifyImages } from './identify.ts';
import { commandOf, type Requested, requestedBy } from './requested.ts';

export interface Today {
  /** How many runs the request means, then and now. */
  meant: number;
  means: number;
  /** Runs that it means now and did not mean then; nearest: of those that it meant then. */
  other: { id: string; nearest: Nearest | null }[];
  /** Why it cannot be said: one sentence. */
  unknown: string | null;
}

export async function meantToday(
  session: Session,
  { artifact, input, runs: recorded }: RecordedRequest,
  stored: readonly StoredRun[],
): Promise<Today> {
  const known = { meant: recorded.length, means: 0, other: [] };
  try {
    const requested = requestedBy(commandOf(artifact), input);
    const runs = requested.flatMap((one) => one.runs);
    if (runs.length === 0) return { ...known, unknown: null };
    const dataset = await datasetOf(session, requested, input);
    if (!dataset) return { ...known, unknown: 'the store does not know its data set any more' };
    const planned = runs.map((run) => planRun(dataset, run));
    const ids = new Set(planned.map(({ id }) => id));
    const replaced = stored.filter(({ id }) => recorded.includes(id) && !ids.has(id));
    const other = planned
      .filter(({ id }) => !recorded.includes(id))
      .map(({ id, run }) => ({ id, nearest: nearestRun(replaced, run) }));
    return { meant: recorded.length, means: ids.size, other, unknown: null };
  } catch (error) {
    if (error instanceof Failure) return { ...known, unknown: error.message };
    throw error;
  }
}

async function datasetOf(
  session: Session,
  requested: Requested[],
  input: Record<string, unknown>,
): Promise<DatasetId | null> {
  const runs = requested.flatMap((one) => one.runs);
  const identified = runs.some(({ trajectory }) => trajectory.model === 'inception-v3')
    ? await identifyImageNet(session, input)
    : await identifyImages(session, input, undefined, () => {});
  return identified.ref?.id ?? null;
}
