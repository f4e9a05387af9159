/** Table 1: five networks on CIFAR-10 with and without random crops and weight decay, and on random labels. 19
 *  trainings a seed, of which Figure 1 needs nine in part. quick: about half an hour on two cores. */
import { proxyActivities } from '@temporalio/workflow';
import type {
  Activities,
  Reproduction,
  Table1Options,
  TableRun,
  UnboundRun,
} from '../activities/contract.ts';
import { TABLE_1_ROWS } from '../activities/verdicts/ledger/table-1.ts';
import { bounded } from './bounded-input.ts';
import * as options from './options.ts';
import { PROFILES } from './profiles.ts';
import { recipe, TRUE_LABELS, UNREGULARIZED } from './recipe.ts';
import { ofTrainings, showProgress, trainGrid } from './train-grid.ts';

export type Table1Result = Reproduction & { runs: TableRun[] };

export const reproduceTable1 = ofTrainings(async (input, carried): Promise<Table1Result> => {
  const progress = showProgress(carried);
  const light = proxyActivities<Activities>(options.quick);
  const { options: asked, limits } = await light.readOptions({
    workflow: 'reproduceTable1',
    input: bounded(input),
  });
  const { dataset, runs, stored } = await trainGrid(asked, limits, table1Grid(asked), progress);

  const of = { profile: asked.profile, dataset, runs };
  const figures = [await light.drawFigure({ figure: 'table-1', ...of })];
  const table = await light.writeTable({ table: '1', ...of });
  const made = { workflow: 'reproduceTable1', input: asked, figures, tables: [table], stored };
  const reproduction = await light.judge({ artifact: 'table-1', ...of, ...made });
  progress.phase = 'done';
  return { ...reproduction, runs };
});

export function table1Grid(asked: Table1Options): { place: { row: string }; run: UnboundRun }[] {
  const { seeds, precision } = asked;
  const rows = TABLE_1_ROWS.filter(({ model }) => asked.models.includes(model));
  return seeds.flatMap((seed) =>
    rows.map(({ id, model, labels, crop, weightDecay }) => ({
      place: { row: id },
      run: recipe(PROFILES[asked.profile], {
        model,
        corruption: labels === 'true' ? TRUE_LABELS : { labels: 1, pixels: 'intact' },
        seed,
        precision,
        regularization: {
          ...UNREGULARIZED,
          weightDecay: weightDecay ? asked.weightDecay : 0,
          augmentation: { crop, flip: false, rotate: false },
        },
      }),
    })),
  );
}
