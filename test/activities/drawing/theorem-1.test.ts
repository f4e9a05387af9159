import { expect, test } from 'vitest';
import { corollary1 } from '../../../activities/drawing/corollary-1.ts';
import type { Drawing } from '../../../activities/drawing/line-chart.ts';
import { render } from '../../../activities/drawing/render.ts';
import { theorem1Error } from '../../../activities/drawing/theorem-1-error.ts';
import { theorem1Function } from '../../../activities/drawing/theorem-1-function.ts';
import { theorem1Projection } from '../../../activities/drawing/theorem-1-projection.ts';
import { numbers, request } from '../theory/numbers.ts';

async function textOf({ spec }: Drawing): Promise<string> {
  const { svg } = await render(spec);
  const texts = Array.from(svg.toString().matchAll(/<text[^>]*>(.*?)<\/text>/gs), ([, text]) => text);
  return texts.join(' ').replace(/(<[^>]*>|\s)+/g, ' '); // a text of several lines is one of several spans
}

const STAMP = 'quick profile: 1,000 images as points of 3,072 dimensions · random labels · seed 7';

test('the function bends at every bias, and its values come from the weights, not from the labels', () => {
  const { csv } = theorem1Function(request, numbers);

  // 0.2·(30 − 0) − 0.1·(30 − 10) = 4; 0.2·40 − 0.1·30 − 0.6·10 = −1
  expect(
    csv
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',').map(Number)),
  ).toEqual([
    [10, 0, 0.2, 2, 2],
    [30, 10, -0.1, 4, 4],
    [40, 30, -0.6, expect.closeTo(-1, 12), -1],
  ]);
});

test('a drawing says what the sample is, and how many points it shows', async () => {
  const text = await textOf(theorem1Function(request, numbers));

  expect(text).toContain(STAMP);
  expect(text).toContain('The first 3 images, 3,078 weights that float32 holds.');
});

test('the error says from which n each setting loses a label, and which ones lose none it leaves out', async () => {
  const text = await textOf(theorem1Error(request, numbers));

  expect(text).toContain(
    'float64, a quarter before, from n = 100; float32, at the predecessor, from n = 1,000.',
  );
  expect(text).not.toContain('float64, at the predecessor, from');
});

test('what is not finite ends its line on the upper edge, and is an empty cell', () => {
  const { spec, csv } = theorem1Error(request, numbers);

  expect(csv).toContain('100,float64,0.25,,70,,70\n');
  const text = JSON.stringify(spec);
  expect(text).toContain('{"values":[{"n":100,"error":1000}]}'); // not at 1,000 points again
  expect(text).toContain('{"n":1000,"error":1e-16}'); // no error at all, on a scale of powers
});

test('by projection: which ones lose a label, from where, in float32 and in float64', async () => {
  const drawing = theorem1Projection(request, numbers);
  const text = await textOf(drawing);

  expect(text).toContain(STAMP);
  expect(text).toContain(
    'a label is lost: Gaussian, float32, from n = 1,000; one coordinate, float32, from n = 100; one coordinate, float64, from n = 100.',
  );
  expect(drawing.csv).toContain('1000,gaussian,float32,1,4,7,4,7\n');
  expect(drawing.csv).toContain('100,coordinate,float64,1,,16,,16\n');
});

test('the CSV of Corollary 1 has width and weights beside their bounds', async () => {
  const drawing = corollary1(request, numbers);

  expect(drawing.csv).toContain('2,1000,1003,6072,6082,0.000002,1e-14\n4,336,337,6079,6092,');
  expect(await textOf(drawing)).toContain('Tried on all 1,000 points: largest error 2.0e-6 in float64');
});
