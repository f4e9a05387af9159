/** Every finished run of the store with its settings and its origin: one small object a run is read. */
import { z } from 'zod';
import { Run } from '../contract.ts';
import { type Origin, readOrigin, Segment } from '../provenance/origin.ts';
import type { Store } from '../store/store.ts';

export interface StoredRun {
  id: string;
  trajectoryId: string;
  /** Today's code may not know all of an older run's fields; such a run is left out. */
  run: Run;
  /** Steps trained in all. */
  steps: number;
  origin: Origin;
  /** Null in records that were written before there was one. */
  segment: Segment | null;
}

const FINISHED = /^trajectories\/([0-9a-f]{20})\/runs\/([0-9a-f]{20})\/outcome\.json$/;
const OutcomeSteps = z.object({ steps: z.int() });

export async function readStoredRuns(store: Store): Promise<StoredRun[]> {
  const found: { id: string; trajectoryId: string; folder: string }[] = [];
  for await (const { key } of store.list('trajectories/')) {
    const [, trajectoryId, id] = FINISHED.exec(key) ?? [];
    if (id && trajectoryId) found.push({ id, trajectoryId, folder: key.replace(/outcome\.json$/, '') });
  }
  const runs = await Promise.all(
    found.map(async ({ folder, ...ids }) => {
      const [outcome, crate] = await Promise.all(
        ['outcome.json', 'ro-crate-metadata.json'].map((name) => store.read(`${folder}${name}`)),
      );
      const origin = crate && readOrigin(crate.bytes);
      if (!outcome || !origin) return [];
      const { parameters } = origin;
      const run = Run.safeParse({ trajectory: parameters.get('trajectory'), stop: parameters.get('stop') });
      const segment = Segment.safeParse(parameters.get('segment'));
      const { steps } = OutcomeSteps.parse(JSON.parse(outcome.bytes.toString()));
      return run.success
        ? [{ ...ids, run: run.data, steps, origin, segment: segment.success ? segment.data : null }]
        : [];
    }),
  );
  return runs.flat();
}
