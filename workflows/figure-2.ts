/** Figure 2b: without batch norm, and without any explicit regulariser, the network still generalises, 3 to 4 points
 *  lower, and early stopping gains nothing. Two trainings a seed, of which Figure 1 and Table 1 need the first.
 *  quick: 100 steps of 512 images each, two minutes on two cores; paper: 25,000 steps of 50,000 images each. */
import { proxyActivities } from '@temporalio/workflow';
import type {
  Activities,
  Figure2Options,
  Reproduction,
  TrainedRun,
  UnboundRun,
} from '../activities/contract.ts';
import { bounded } from './bounded-input.ts';
import * as options from './options.ts';
import { PROFILES } from './profiles.ts';
import { recipe, TRUE_LABELS } from './recipe.ts';
import { ofTrainings, showProgress, trainGrid } from './train-grid.ts';

export type Figure2Result = Reproduction & { runs: TrainedRun[] };

export const reproduceFigure2 = ofTrainings(async (input, carried): Promise<Figure2Result> => {
  const progress = showProgress(carried);
  const light = proxyActivities<Activities>(options.quick);
  const { options: asked, limits } = await light.readOptions({
    workflow: 'reproduceFigure2',
    input: bounded(input),
  });
  const { dataset, runs, stored } = await trainGrid(asked, limits, figure2Grid(asked), progress);

  const { profile } = asked;
  const figures = [await light.drawFigure({ figure: '2b', profile, dataset, runs })];
  const made = { workflow: 'reproduceFigure2', input: asked, figures, tables: [], stored };
  const reproduction = await light.judge({ artifact: 'figure-2', profile, dataset, runs, ...made });
  progress.phase = 'done';
  return { ...reproduction, runs };
});

/** Both networks run as long as the one with batch norm does, and neither stops once it makes no training error: what
 *  comes after is what early stopping would leave out. */
export function figure2Grid(asked: Figure2Options): { place: object; run: UnboundRun }[] {
  const scale = PROFILES[asked.profile];
  const { precision, regularization } = asked;
  const stop = { steps: scale.stop.inception.steps, when: null };
  const models = ['inception', 'inception-without-batch-norm'] as const;
  return asked.seeds.flatMap((seed) =>
    models.map((model) => ({
      place: {},
      run: recipe(scale, { model, corruption: TRUE_LABELS, seed, precision, regularization, stop }),
    })),
  );
}
