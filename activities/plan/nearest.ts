/** Why a training is not in the store: the stored one that is most like it, and what differs. */
import { type Difference, differencesOf } from '../comparison/settings.ts';
import type { Run } from '../contract.ts';
import type { StoredRun } from './stored-runs.ts';

export interface Nearest {
  id: string;
  /** From the stored run to the asked one; of equal trajectories where they stop. */
  differences: Difference[];
}

/** The run with the fewest differing fields; of several the newest. Null in an empty store. */
export function nearestRun(stored: readonly StoredRun[], run: Run): Nearest | null {
  const [nearest] = stored
    .map(({ id, run: other, origin }) => ({
      id,
      endedAt: origin.endedAt.getTime(),
      differences: [
        ...differencesOf(other.trajectory, run.trajectory),
        ...differencesOf({ stop: other.stop }, { stop: run.stop }),
      ],
    }))
    .sort((one, other) => one.differences.length - other.differences.length || other.endedAt - one.endedAt);
  return nearest ? { id: nearest.id, differences: nearest.differences } : null;
}
