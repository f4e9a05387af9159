import { expect, test } from 'vitest';
import { table3, table3Choices, table3Sweep } from '../../../activities/tables/table-3.ts';
import { request } from '../verdicts/kernels.ts';

test('ours stand beside the published errors and norms, and whose labels a norm is of is said', () => {
  const { markdown, csv } = table3(request());
  expect(markdown).toContain(
    '| data | preprocessing | test error | paper | training errors | norm, labels ±1 |',
  );
  expect(markdown).toContain('| MNIST | none | 1.22 % | 1.2 % | 0 | 225 | 112 | about 220 | reproduced |');
  expect(markdown).toContain(
    '| CIFAR-10 | random convolutional net, l2 | 15.00 % | 15 % | 0 | 251 | 125 | – |',
  );
  expect(csv.split('\n')[1]).toBe(
    'mnist.none,MNIST,none,0,60000,10000,0,122,1.22,1.2,225,112,220,0.0009,40,reproduced'.replace(
      'mnist.none',
      'table-3.mnist.none',
    ),
  );
});

test('the stamp says how many images and filters', () => {
  expect(table3(request()).markdown).toContain(
    'MNIST and CIFAR-10 · paper profile: 60,000 and 50,000 training images, 10,000 test images · 32,000 random filters, seed 1',
  );
});

test('the sweep has a line a λ, of rows that were solved for several', () => {
  const { csv } = table3Sweep(request());
  expect(
    csv
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',').slice(0, 3).join(' ')),
  ).toEqual([
    'mnist.none 0 122',
    'mnist.none 0.1 121',
    'mnist.gabor 0 61',
    'mnist.gabor 0.1 60',
    'cifar10.random-filters 0 1700',
    'cifar10.random-filters 0.5 1500',
  ]);
});

test('every candidate of a choice is there with its leave-one-out errors, and the one that was chosen', () => {
  const { markdown } = table3Choices(request());
  expect(markdown).toContain('| mnist.none | γ = 0.0100 | singular | 5,000 |  |');
  expect(markdown).toContain('| mnist.none | γ = 0.0200 | 71 | 5,000 | yes |');
  expect(markdown).toContain('No test image was looked at.');
});
