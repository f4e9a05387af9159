import { expect, test } from 'vitest';
import { parseOptions } from './options.ts';
import { pairings, VARIANTS } from './variants.ts';

test('without options everything is measured', () => {
  expect(parseOptions([])).toMatchObject({
    models: ['inception', 'alexnet', 'mlp-3x512', 'inception-v3'],
    tasks: ['training', 'inference', 'segment', 'kernel', 'theorem'],
    variants: VARIANTS,
    rounds: 5,
  });
});

test('a model that is not there is named with those that are', () => {
  expect(() => parseOptions(['--models', 'resnet'])).toThrow(
    '--models has resnet, expected some of inception, alexnet, mlp-3x512',
  );
});

test('no rounds are refused', () => {
  expect(() => parseOptions(['--rounds', '0'])).toThrow('--rounds is 0');
});

test('ours of the same precision joins a peer that is asked for alone', () => {
  const options = parseOptions(['--variants', 'jax-bfloat16']);
  const pairs = options === 'help' ? [] : pairings(options.variants, 'training');
  expect(pairs).toMatchObject([{ reference: { name: 'ours-bfloat16' }, others: [{ name: 'jax-bfloat16' }] }]);
});

test('ours eager stands beside ours compiled', () => {
  const pairs = pairings(VARIANTS, 'training');
  expect(pairs[0]?.others.map(({ name }) => name)).toContain('ours-eager');
});
