import { expect, test } from 'vitest';
import { figure2b } from '../../../activities/drawing/figure-2b.ts';
import { render } from '../../../activities/drawing/render.ts';
import { trained } from '../verdicts/looks.ts';
import { cifar10 } from '../verdicts/synthetic.ts';

const request = { profile: 'paper' as const, dataset: cifar10 };
const drawn = ({ runs, looks }: ReturnType<typeof trained>, dataset = cifar10) =>
  figure2b({ ...request, dataset, runs }, looks);
/** The caption is wrapped. */
const textOf = (spec: object) => JSON.stringify(spec).replaceAll('","', ' ');

const one = trained({ errors: [14.25, 18], along: [80, 86, 85] });

test('the CSV has every look with the best so far, the ends over all images, and what is published', () => {
  const rows = drawn(one).csv.split('\n');

  expect(rows.slice(0, 5)).toEqual([
    'source,model,seed,step,train_correct,train_images,test_correct,test_images,test_percent,best_test_percent,gain_points',
    'look,inception,1,391,2000,2000,1600,2000,80,80,0',
    'look,inception,1,782,2000,2000,1720,2000,86,86,0',
    'look,inception,1,1173,2000,2000,1700,2000,85,86,1',
    'end,inception,1,25000,50000,50000,8575,10000,85.75,,',
  ]);
  expect(rows).toContain('published,inception-without-batch-norm,,,,,,,82,,');
});

test('the gain of each network stands in the picture, with the noise of one look', async () => {
  const svg = (await render(drawn(one).spec)).svg.toString();

  expect(svg.match(/>1\.00 points</g)).toHaveLength(2);
  expect(svg).toContain('Noise of one look: ±0.8 points');
});

test('several seeds are their mean, with the spread of the gain and bars from least to most', () => {
  const { spec } = drawn(
    trained({ errors: [14, 18], along: [80, 86, 85] }, { errors: [14, 18], along: [82, 84, 84] }),
  );
  const text = textOf(spec);

  expect(text).toContain('{"step":0.391,"train":100,"test":81,"best":81,"least":80,"most":82}');
  expect(text).toContain('{"step":1.173,"train":100,"test":84.5,"best":85,"least":84,"most":85}');
  expect(text).toContain('0.50 points (0.00–1.00)');
  expect(text).toContain('Mean over seeds; bars from least to most.');
});

test('the caption says what a look is, and what batch norm and the best of many looks mean for it', () => {
  const text = textOf(drawn(one).spec);

  expect(text).toContain('A look takes the first 2,000 images of each split');
  expect(text).toContain('the best of many noisy ones is biased upwards');
  expect(text).toContain('Statistics of batch norm are computed anew');
  expect(text).toContain('No weight decay, no dropout, no augmentation.');
});

test('a network that diverged is named, and the other one is drawn', () => {
  const { spec, csv } = drawn(trained({ errors: [14, null] }));

  expect(textOf(spec)).toContain('Diverged: Inception w/o BatchNorm on true labels, seed 1.');
  expect(csv).not.toContain('look,inception-without-batch-norm');
});

test('when nothing ended there is a picture that says so', async () => {
  const { spec } = drawn(trained({ errors: [null, null] }));

  expect((await render(spec)).svg.toString()).toContain('Diverged: ');
});

test('nothing published is put beside procedural images', () => {
  const { spec, csv } = drawn(one, { ...cifar10, id: { ...cifar10.id, name: 'procedural' } });

  expect(csv).not.toContain('published');
  expect(textOf(spec)).not.toContain('published');
});
