/** What a request solves, of each artifact in it that solves anything, on the data sets that the store has. */
import type { DatasetRef } from '../../activities/contract.ts';
import { readSolveTimes } from '../../activities/plan/solve-times.ts';
import { type PlannedSolve, planParts, planRow } from '../../activities/plan/solves.ts';
import type { Origin } from '../../activities/provenance/origin.ts';
import { parseOptions } from '../../activities/read-options.ts';
import type { Store } from '../../activities/store/store.ts';
import { partsOf } from '../../workflows/implicit-regularization.ts';
import { requestsOf } from '../../workflows/table-3.ts';
import type { Requested } from './requested.ts';

/** Null where it is not in the store yet. */
export interface Data {
  images: DatasetRef | null;
  digits: DatasetRef | null;
}

export const solves = ({ artifact: { workflow } }: Requested): boolean =>
  workflow === 'reproduceTable3' || workflow === 'verifyImplicitRegularization';

/** One title for what cannot be told before its data set is there. */
export async function planSolves(
  store: Store,
  requested: Requested[],
  { images, digits }: Data,
  here: (origin: Origin) => boolean,
): Promise<PlannedSolve[]> {
  const solving = requested.filter(solves);
  if (solving.length === 0) return [];
  const times = await readSolveTimes(store, here);
  const planned: PlannedSolve[] = [];
  for (const { artifact, input } of solving) {
    if (artifact.workflow === 'verifyImplicitRegularization') {
      const parts = images && partsOf(parseOptions(artifact.workflow, input), images.id);
      planned.push(...(parts ? await planParts(store, parts, images, times) : [unknown('Section 5')]));
      continue;
    }
    const asked = parseOptions('reproduceTable3', input);
    for (const row of asked.rows) {
      const dataset = row.startsWith('mnist') ? digits : images;
      const known = dataset && { name: row, row: requestsOf(row, asked, dataset) };
      planned.push(...(known ? await planRow(store, known, times) : [unknown(row)]));
    }
  }
  return planned;
}

const unknown = (name: string): PlannedSolve => ({
  title: `${name}, whose data set is not in the store yet`,
  stored: false,
  seconds: null,
  measures: 0,
});
