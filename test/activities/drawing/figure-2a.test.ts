import { expect, test } from 'vitest';
import type { ImageNetRef, TableRun } from '../../../activities/contract.ts';
import { figure2a } from '../../../activities/drawing/figure-2a.ts';
import { render } from '../../../activities/drawing/render.ts';
import { planRun } from '../../../activities/identity/run-id.ts';
import { parseOptions } from '../../../activities/read-options.ts';
import { table2Grid } from '../../../workflows/table-2.ts';
import { looksAt } from '../verdicts/looks.ts';
import { made } from '../verdicts/synthetic.ts';

const images = { images: { key: 'index', sha256: 'c'.repeat(64), bytes: 1 } };
const imagenet: ImageNetRef = {
  id: { name: 'imagenet', sha256: 'd'.repeat(64) },
  form: 'shards',
  title: 'ImageNet',
  source: 's3://bucket/imagenet',
  classes: 1_000,
  train: { ...images, count: 1_281_167 },
  test: { ...images, count: 50_000 },
};

/** All seven rows; along: the test accuracies of a row, in per cent. */
function drawn(along: (row: string) => number[]) {
  const grid = table2Grid(parseOptions('reproduceTable2', { profile: 'paper' }));
  const runs = grid.map(({ place, run }): TableRun => {
    const planned = planRun(imagenet.id, run);
    return { ...place, planned, outcome: made({}).outcome, failure: null };
  });
  const looks = new Map(runs.map(({ planned, row }) => [planned.id, looksAt(along(row), 90)]));
  return figure2a({ profile: 'paper', dataset: imagenet, runs }, looks);
}

const rising = (row: string) => (row === 'true-labels' ? [40, 63, 60] : [50, 70, 78]);

test('the four rows on true labels are drawn, those on random labels are not', () => {
  const { csv } = drawn(rising);
  expect(csv).toContain('true-labels.augmentation.dropout.weight-decay,1,391,90,50,50\n');
  expect(csv).toContain('true-labels,1,1173,90,60,63\n');
  expect(csv).not.toContain('random-labels');
});

test('what early stopping would have gained stands below, row by row', async () => {
  const { spec } = drawn(rising);
  const text = JSON.stringify(spec).replaceAll('","', ' ');
  expect(text).toContain('in points: augmentation, dropout, weight decay 0.00; augmentation 0.00; weight');
  expect(text).toContain('no regulariser 3.00.');
  const { svg } = await render(spec);
  expect(svg.toString()).toContain('Figure 2a: Inception V3 along its training');
});
