/** `npm run tensorboard`: event files of every finished run of the store, for TensorBoard. Run again it adds what is new, also
 *  to a folder that workers write into. */
import { join } from 'node:path';
import { Command } from 'commander';
import { parseCurve } from '../../activities/drawing/running-mean.ts';
import { readStoredRuns, type StoredRun } from '../../activities/plan/stored-runs.ts';
import { unlessDamaged } from '../../activities/store/damage.ts';
import * as keys from '../../activities/store/keys.ts';
import type { Store } from '../../activities/store/store.ts';
import { runFolder } from '../../activities/tensorboard/run-folder.ts';
import { knownScalars, unseen } from '../../activities/tensorboard/scalars.ts';
import { parseEvaluations } from '../../activities/training/curve.ts';
import { openEventFile, shownSteps } from '../event-files.ts';
import { openLook } from '../session.ts';
import { count } from './said.ts';

export const tensorboardCommand = () =>
  new Command('tensorboard')
    .description('Write the curves of all finished runs as event files for TensorBoard')
    .option('--into <folder>', 'where they are written, a folder a run', 'results/tensorboard')
    .action(async ({ into }: { into: string }) => {
      const session = await openLook((line) => console.error(line));
      try {
        const runs = await readStoredRuns(session.store);
        let written = 0;
        let unreadable = 0;
        for (const run of runs) {
          const curves = await readCurves(session.store, run);
          if (!curves) unreadable++;
          else if (addTo(join(into, runFolder(run)), run, curves)) written++;
        }
        if (unreadable > 0)
          console.error(`${count(unreadable)} left out: their curves are damaged or missing.`);
        console.log(
          `${count(runs.length)} finished ${runs.length === 1 ? 'run' : 'runs'}, ${count(written)} of them new in ${into}. ` +
            `Look with: tensorboard --logdir ${into}`,
        );
      } finally {
        await session.close();
      }
    });

type Curves = NonNullable<Awaited<ReturnType<typeof readCurves>>>;

async function readCurves(store: Store, run: StoredRun) {
  const [curve, evaluations] = await Promise.all(
    [keys.curve(run), keys.evaluations(run)].map((key) => unlessDamaged(() => store.read(key))),
  );
  if (!curve || !evaluations) return null;
  return {
    losses: parseCurve(curve.bytes.toString(), keys.curve(run)),
    evaluations: parseEvaluations(evaluations.bytes.toString()),
  };
}

/** Whether there was something to add. */
function addTo(folder: string, run: StoredRun, curves: Curves): boolean {
  const missing = unseen(knownScalars(run.run.trajectory, curves, clockOf(run)), shownSteps(folder));
  if (missing.length === 0) return false;
  const file = openEventFile(folder, run.steps, clockOf(run)(1));
  file.write(missing);
  file.close();
  return true;
}

/** When a step was, in seconds since 1970: the last segment's end is recorded, and its speed taken for that of all. */
function clockOf({ steps, segment, origin }: StoredRun): (step: number) => number {
  const end = origin.endedAt.getTime() / 1000;
  const trained = steps - (segment?.from?.step ?? 0);
  const secondsAStep = segment && trained > 0 ? segment.trainingSeconds / trained : 0;
  return (step) => end - (steps - step) * secondsAStep;
}
