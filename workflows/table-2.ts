/** Table 2 and Figure 2a: Inception V3 on ImageNet with and without data augmentation, dropout and weight decay, on true
 *  and on random labels. Seven trainings; the paper profile is meant for GPUs and the user's own ImageNet. */
import { proxyActivities } from '@temporalio/workflow';
import type {
  Activities,
  Regularization,
  Reproduction,
  Table2Options,
  Table2Row,
  TableRun,
  UnboundRun,
} from '../activities/contract.ts';
import { bounded } from './bounded-input.ts';
import { DROPOUT, imageNetRecipe, WEIGHT_DECAY } from './imagenet-recipe.ts';
import * as options from './options.ts';
import { ofTrainings, showProgress, trainRuns } from './train-grid.ts';

const AUGMENTATION = { crop: true, flip: true, rotate: false };

const ROWS: Record<Table2Row, { randomLabels: boolean; regularization: Partial<Regularization> }> = {
  'true-labels.augmentation.dropout.weight-decay': {
    randomLabels: false,
    regularization: { augmentation: AUGMENTATION, dropout: DROPOUT, weightDecay: WEIGHT_DECAY },
  },
  'true-labels.augmentation': { randomLabels: false, regularization: { augmentation: AUGMENTATION } },
  'true-labels.weight-decay': { randomLabels: false, regularization: { weightDecay: WEIGHT_DECAY } },
  'true-labels': { randomLabels: false, regularization: {} },
  'random-labels.dropout.weight-decay': {
    randomLabels: true,
    regularization: { dropout: DROPOUT, weightDecay: WEIGHT_DECAY },
  },
  'random-labels.weight-decay': { randomLabels: true, regularization: { weightDecay: WEIGHT_DECAY } },
  'random-labels': { randomLabels: true, regularization: {} },
};

export type Table2Result = Reproduction & { runs: TableRun[] };

export const reproduceTable2 = ofTrainings(async (input, carried): Promise<Table2Result> => {
  const progress = showProgress(carried);
  const light = proxyActivities<Activities>(options.quick);
  const { options: asked, limits } = await light.readOptions({
    workflow: 'reproduceTable2',
    input: bounded(input),
  });
  const { indexImageNet } = proxyActivities<Activities>(options.data(limits));
  const dataset = await indexImageNet({ source: asked.source });
  const { runs, stored } = await trainRuns(dataset.id, limits, table2Grid(asked), progress);

  const { profile } = asked;
  const of = { profile, dataset, runs };
  const figures = await Promise.all([
    light.drawFigure({ figure: '2a', ...of }),
    light.drawFigure({ figure: 'table-2', ...of }),
  ]);
  const table = await light.writeTable({ table: '2', ...of });
  const made = { workflow: 'reproduceTable2', input: asked, figures, tables: [table], stored };
  const reproduction = await light.judge({ artifact: 'table-2', ...of, ...made });
  progress.phase = 'done';
  return { ...reproduction, runs };
});

export function table2Grid({ profile, rows, seeds, precision }: Table2Options): {
  place: { row: Table2Row };
  run: UnboundRun;
}[] {
  return seeds.flatMap((seed) =>
    rows.map((row) => ({
      place: { row },
      run: imageNetRecipe(profile, { ...ROWS[row], seed, precision }),
    })),
  );
}
