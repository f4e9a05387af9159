import { expect, test } from 'vitest';
import { definitionOf } from '../../../activities/models/definition.ts';
import { judgeFigure3 } from '../../../activities/verdicts/figure-3.ts';

const inception = definitionOf('inception');

test('our Inception (small) is the paper’s: its parts, 1,649,402 parameters, 204.2 million multiply-adds', () => {
  expect(judgeFigure3('inception', inception)).toMatchObject([
    { claim: 'figure-3.modules', measured: '13 parts, each as drawn.', kind: 'reproduced' },
    { claim: 'figure-3.parameters', published: '1,649,402', measured: '1,649,402', kind: 'reproduced' },
    { claim: 'figure-3.multiply-adds', measured: '204.2 million (204,219,680)', kind: 'reproduced' },
  ]);
});

test.each([
  ['inception-without-batch-norm', '1,649,402'],
  ['alexnet', '1,387,786'],
  ['mlp-3x512', '1,735,178'],
  ['mlp-1x512', '1,209,866'],
] as const)('%s has %s parameters, and the figure says nothing else of it', (model, parameters) => {
  expect(judgeFigure3(model, definitionOf(model))).toMatchObject([
    { claim: `figure-3.parameters.${model}`, measured: parameters, kind: 'reproduced' },
  ]);
});

test('a part with other filters is off, with its place and both readings', () => {
  const stages = inception.stages.with(2, 'Inception(1×1 conv 48, 3×3 conv 32)');

  expect(judgeFigure3('inception', { ...inception, stages })[0]).toMatchObject({
    kind: 'off',
    agrees: false,
    measured: 'Part 3: Inception(1×1 conv 48, 3×3 conv 32) instead of Inception(1×1 conv 32, 3×3 conv 48).',
  });
});

test('conv modules without batch norm are off', () => {
  const without = definitionOf('inception-without-batch-norm');

  expect(judgeFigure3('inception', without)[0].measured).toBe(
    'Part 14: conv module: convolution, bias, ReLU instead of conv module: convolution, batch norm, ReLU.',
  );
});

test('a parameter too few, and 0.1 million multiply-adds too many, are off', () => {
  const wrong = {
    ...inception,
    parameters: inception.parameters - 1,
    multiplyAdds: inception.multiplyAdds + 100_000,
  };

  expect(judgeFigure3('inception', wrong).map(({ kind }) => kind)).toEqual(['reproduced', 'off', 'off']);
});
