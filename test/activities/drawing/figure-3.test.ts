import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { figure3 } from '../../../activities/drawing/figure-3.ts';
import { render } from '../../../activities/drawing/render.ts';

/** Words of the picture, as the SVG has them. */
async function wordsIn(model: Parameters<typeof figure3>[0]['model']): Promise<string[]> {
  const { svg } = await render(figure3({ model }).spec);
  return Array.from(svg.toString().matchAll(/<text[^>]*>([^<]*)<\/text>/g), ([, text]) => text);
}

test('every module of Inception (small) stands there with its shape, parameters and multiply-adds', async () => {
  const words = await wordsIn('inception');

  expect(words).toEqual(expect.arrayContaining(['conv-1', '3×3 conv 96', '28×28×96', '2,688', '2,032,128']));
  for (const number of [1, 2, 3, 4, 5, 6, 7, 8]) expect(words).toContain(`inception-${number}`);
  // inception-8: 336·176 + 176 and 9·336·160 + 160
  expect(words).toEqual(
    expect.arrayContaining(['7×7×176 · 59,312', '7×7×160 · 484,000', '7×7×336', '543,312', '26,605,824']),
  );
});

test('the key shows what the modules are made of: a network without batch norm has biases', async () => {
  const [normed, plain] = await Promise.all([wordsIn('inception'), wordsIn('inception-without-batch-norm')]);

  expect(normed).toEqual(
    expect.arrayContaining(['Conv module', 'Inception module', 'Downsample module', 'batch norm']),
  );
  expect(plain).toContain('bias');
  expect(plain).not.toContain('batch norm');
});

test('the CSV has a row for every part, and the parts outside modules add up to the network', () => {
  const rows = figure3({ model: 'inception' })
    .csv.trimEnd()
    .split('\n')
    .map((row) => row.match(/("[^"]*"|[^,]*)(,|$)/g)!.map((cell) => cell.replace(/,$/, '')));

  expect(rows[0].slice(0, 6)).toEqual([
    'module',
    'kind',
    'input_shape',
    'output_shape',
    'parameters',
    'multiply_adds',
  ]);
  const parts = rows.slice(1).filter(([name]) => !name.includes('/'));
  const sum = (column: number) => parts.reduce((total, row) => total + Number(row[column]), 0);
  expect([sum(4), sum(5)]).toEqual([1_649_402, 204_219_680]);
});

test('a network of fully connected layers has no key and no word on windows', async () => {
  const words = (await wordsIn('mlp-3x512')).join(' ');

  expect(words).toContain('dense 512, ReLU');
  expect(words).not.toContain('Conv module');
  expect(words).not.toContain('SAME padding');
});

test('drawing needs no TensorFlow: the workers that draw have none', () => {
  figure3({ model: 'inception' });

  const loaded = Object.keys(createRequire(import.meta.url).cache);
  expect(loaded.length).toBeGreaterThan(0);
  expect(loaded.filter((path) => path.includes('@tensorflow'))).toEqual([]);
});
