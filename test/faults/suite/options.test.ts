import { expect, test } from 'vitest';
import { ALL_KINDS } from './kinds.ts';
import { parseOptions } from './options.ts';

test('without anything said it is seed 1, 200 faults of every kind', () => {
  expect(parseOptions([])).toEqual({
    seed: 1,
    faults: 200,
    kinds: ALL_KINDS,
    models: ['mlp-1x512'],
    out: null,
  });
});

test.each([
  [['--kinds', 'kill-s4'], '--kinds has kill-s4, expected some of kill-trainer'],
  [['--models', 'vgg'], '--models is vgg, expected some of inception'],
  [['--faults', '0'], '--faults is 0, expected a whole number from 1'],
  [['--sede', '1'], "Unknown option '--sede'"],
])('%s cannot be meant', (args, message) => {
  expect(() => parseOptions(args)).toThrow(message);
});
