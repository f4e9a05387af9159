import { expect, test } from 'vitest';
import { figure1c } from '../../../activities/drawing/figure-1c.ts';
import { cifar10, made } from '../verdicts/synthetic.ts';

const request = { profile: 'paper' as const, dataset: cifar10 };
const runs = [
  made({ model: 'mlp-1x512', level: 0, testErrorPercent: 49.5 }),
  made({ model: 'mlp-1x512', level: 1, testErrorPercent: 90 }),
];

test('the CSV tells measured test errors from those of Table 1', () => {
  expect(figure1c({ ...request, runs }).csv).toBe(
    'source,model,corruption,seed,test_wrong,test_images,test_error_percent\n' +
      'measured,mlp-1x512,0,1,4950,10000,49.5\n' +
      'measured,mlp-1x512,1,1,9000,10000,90\n' +
      'published,mlp-1x512,0,,,,49.49\n' +
      'published,mlp-1x512,1,,,,89.39\n',
  );
});

test('chance is a line at 90 % for ten classes', () => {
  const text = JSON.stringify(figure1c({ ...request, runs }).spec);

  expect(text).toContain('"chance":90');
  expect(text).toContain('chance (90 %)');
});

test('nothing published is put beside procedural images', () => {
  const dataset = { ...cifar10, id: { ...cifar10.id, name: 'procedural' as const } };

  const { spec, csv } = figure1c({ ...request, dataset, runs });

  expect(csv).not.toContain('published');
  expect(JSON.stringify(spec)).not.toContain('published');
});

test('runs of panel a alone are not points of panel c', () => {
  const noise = made({ condition: 'gaussian' });

  expect(figure1c({ ...request, runs: [...runs, noise] }).csv.split('\n')).toHaveLength(6);
});

test('the legend lists the highest line first', () => {
  const lower = [0, 1].map((level) => made({ level, testErrorPercent: 15 + 75 * level }));

  const text = JSON.stringify(figure1c({ ...request, runs: [...lower, ...runs] }).spec);

  const [mlp, inception] = ['MLP 1x512', 'Inception'].map((label) => text.indexOf(`"text":"${label}"`));
  expect(mlp).toBeGreaterThan(0);
  expect(mlp).toBeLessThan(inception);
});
