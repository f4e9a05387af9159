/** Trainings of Table 2 made by hand, on an ImageNet that is not there. */
import type { ImageNetRef, Outcome, TableRun } from '../../../activities/contract.ts';
import { planRun } from '../../../activities/identity/run-id.ts';
import { parseOptions } from '../../../activities/read-options.ts';
import type { Look } from '../../../activities/verdicts/early-stopping.ts';
import { table2Grid } from '../../../workflows/table-2.ts';
import { made } from './synthetic.ts';

const images = { images: { key: 'index', sha256: 'c'.repeat(64), bytes: 1 } };
export const imagenet: ImageNetRef = {
  id: { name: 'imagenet', sha256: 'd'.repeat(64) },
  form: 'shards',
  title: 'ImageNet',
  source: 's3://bucket/imagenet',
  classes: 1_000,
  train: { ...images, count: 1_281_167 },
  test: { ...images, count: 50_000 },
};

/** In per cent: at the end on training and test images, and along the training on test images. */
export interface Ended {
  train: number;
  test: number;
  along: number[];
}

const of50000 = (percent: number) => ({ correct: Math.round(500 * percent), images: 50_000 });

/** All seven rows, each with five points more among five guesses. */
export function table2Runs(endOf: (row: string, seed: number) => Ended, seeds = [1]) {
  const grid = table2Grid(parseOptions('reproduceTable2', { profile: 'paper', seeds }));
  const looks = new Map<string, Look[]>();
  const runs = grid.map(({ place, run }): TableRun => {
    const planned = planRun(imagenet.id, run);
    const { train, test, along } = endOf(place.row, run.trajectory.seed);
    const withTop5 = (percent: number) => ({ ...of50000(percent), top5: of50000(percent + 5).correct });
    looks.set(
      planned.id,
      along.map((percent, i) => ({ step: 391 * (i + 1), train: withTop5(train), test: withTop5(percent) })),
    );
    const outcome = made({}).outcome as Outcome;
    return {
      ...place,
      planned,
      outcome: { ...outcome, id: planned.id, train: withTop5(train), test: withTop5(test) },
      failure: null,
    };
  });
  return { runs, looks };
}
