import { expect, test } from 'vitest';
import { figure1b } from '../../../activities/drawing/figure-1b.ts';
import { render } from '../../../activities/drawing/render.ts';
import { cifar10, made } from '../verdicts/synthetic.ts';

const request = { profile: 'quick' as const, dataset: cifar10 };
const textOf = (spec: object) => JSON.stringify(spec).replaceAll('","', ' ');

/** Pointing symbols of an SVG: Vega scales the path of the arrow by √600 / 2, and its shaft is 1.6 long: 19.596. */
const arrowsIn = (svg: Buffer) => svg.toString().match(/M0,0L0,-19\.596/g) ?? [];

test('the CSV has steps, censoring and the time relative to true labels of the same seed', () => {
  const runs = [
    made({ level: 0, seed: 1, fitted: 400 }),
    made({ level: 1, seed: 1, fitted: 1_000 }),
    made({ level: 0, seed: 2, fitted: 500 }),
    made({ level: 1, seed: 2, fitted: null, budget: 2_000 }),
  ];

  expect(figure1b({ ...request, runs }).csv).toBe(
    'model,corruption,seed,step,censored,relative\n' +
      'inception,0,1,400,false,1\n' +
      'inception,1,1,1000,false,2.5\n' +
      'inception,0,2,500,false,1\n' +
      'inception,1,2,2000,true,4\n',
  );
});

test('a run that never fitted is an arrow at its budget', async () => {
  const fitted = made({ level: 0, fitted: 400 });
  const never = made({ level: 1, fitted: null, budget: 2_000 });

  const censored = await render(figure1b({ ...request, runs: [fitted, never] }).spec);
  const plain = await render(figure1b({ ...request, runs: [fitted, made({ level: 1 })] }).spec);

  expect(arrowsIn(censored.svg)).toHaveLength(1);
  expect(arrowsIn(plain.svg)).toHaveLength(0);
});

test('an arrow is explained in the caption, and only where there is one', () => {
  const unit = made({ level: 0, fitted: 400 });
  const caption = (fitted: number | null) =>
    textOf(figure1b({ ...request, runs: [unit, made({ level: 1, fitted })] }).spec);

  expect(caption(null)).toContain('Arrow: not fitted when its budget ended');
  expect(caption(900)).not.toContain('Arrow:');
});

test('without fitted true labels the runs are named, and not dropped from the CSV', () => {
  const runs = [made({ level: 0, fitted: null, budget: 300 }), made({ level: 1, fitted: 200 })];

  const { spec, csv } = figure1b({ ...request, runs });

  expect(textOf(spec)).toContain('Without a unit, as true labels did not fit: Inception, seed 1.');
  expect(csv).toContain('inception,1,1,200,false,\n');
});

test('failed and missing cells are told apart in the caption', () => {
  const runs = [
    made({ level: 0 }),
    made({ level: 0.5, failure: 'LossNotFinite' }),
    made({ level: 1, failure: 'StoreRefused' }),
  ];

  expect(textOf(figure1b({ ...request, runs }).spec)).toContain(
    'Diverged: Inception at corruption 0.5, seed 1. Missing: Inception at corruption 1, seed 1 (StoreRefused).',
  );
});

test('several seeds are drawn as their mean with bars from least to most', () => {
  const runs = [1, 2].flatMap((seed) => [
    made({ level: 0, seed, fitted: 100 }),
    made({ level: 1, seed, fitted: 200 * seed }),
  ]);

  const text = JSON.stringify(figure1b({ ...request, runs }).spec);

  expect(text).toContain('{"level":1,"mean":3,"least":2,"most":4,"censored":false}');
  expect(textOf(figure1b({ ...request, runs }).spec)).toContain('Mean over seeds; bars from least to most');
});
