import { expect, test } from 'vitest';
import { figure2a } from '../../../activities/drawing/figure-2a.ts';
import { render } from '../../../activities/drawing/render.ts';
import { imagenet, table2Runs } from '../verdicts/imagenet.ts';

const { runs, looks } = table2Runs((row) => ({
  train: 90,
  test: 60,
  along: row === 'true-labels' ? [40, 63, 60] : [50, 70, 78],
}));
const { spec, csv } = figure2a({ profile: 'paper', dataset: imagenet, runs }, looks);

test('the four rows on true labels are drawn, those on random labels are not', () => {
  expect(csv).toContain('true-labels.augmentation.dropout.weight-decay,1,391,90,50,50\n');
  expect(csv).toContain('true-labels,1,1173,90,60,63\n');
  expect(csv).not.toContain('random-labels');
});

test('what early stopping would have gained stands below, row by row', async () => {
  const text = JSON.stringify(spec).replaceAll('","', ' ');
  expect(text).toContain('in points: augmentation, dropout, weight decay 0.00; augmentation 0.00; weight');
  expect(text).toContain('no regulariser 3.00.');
  const { svg } = await render(spec);
  expect(svg.toString()).toContain('Figure 2a: Inception V3 along its training');
});
