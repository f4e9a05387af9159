import { expect, test } from 'vitest';
import { type Layer, lineChart } from '../../../activities/drawing/line-chart.ts';
import { render } from '../../../activities/drawing/render.ts';
import { MODEL_STYLE } from '../../../activities/drawing/theme.ts';

const layer: Layer = {
  data: {
    values: [
      { x: 0, y: 1 },
      { x: 1, y: 2 },
    ],
  },
  mark: { type: 'line', clip: true },
  encoding: { x: { field: 'x', type: 'quantitative' }, y: { field: 'y', type: 'quantitative' } },
};

const chart = () =>
  lineChart({
    title: 'Title & more',
    stamp: 'CIFAR-10 · quick profile',
    styles: [MODEL_STYLE.inception, MODEL_STYLE.alexnet],
    caption: ['One sentence.', 'Another.'],
    layers: [layer],
  });

const textsOf = (svg: Buffer) =>
  [...svg.toString().matchAll(/<(?:text|tspan)[^>]*>([^<]+)</g)].map(([, text]) => text);

test('the same specification gives the same bytes of SVG and PNG', async () => {
  const first = await render(chart());
  const second = await render(chart());

  expect(second.svg.equals(first.svg)).toBe(true);
  expect(second.png.equals(first.png)).toBe(true);
  expect(second.spec.equals(first.spec)).toBe(true);
});

test('pictures drawn at the same time do not change each other', async () => {
  const alone = await render(chart());
  const together = await Promise.all([render(chart()), render(chart()), render(chart())]);

  expect(together.map(({ svg }) => svg.equals(alone.svg))).toEqual([true, true, true]);
  expect(alone.svg.toString()).toContain('clip-path="url(#clip1)"');
});

test('title, stamp, legend and caption are in the picture', async () => {
  const { svg } = await render(chart());

  expect(textsOf(svg)).toEqual(
    expect.arrayContaining([
      'Title &amp; more',
      'CIFAR-10 · quick profile',
      'Inception',
      'AlexNet',
      'One sentence. Another.',
    ]),
  );
});

test('the PNG has three times the pixels of the SVG along each side', async () => {
  const { svg, png } = await render(chart());

  const [, width, height] = svg.toString().match(/width="(\d+)" height="(\d+)"/) ?? [];
  // The header chunk of a PNG holds width and height at bytes 16 and 20.
  expect(png.readUInt32BE(16)).toBe(3 * Number(width));
  expect(png.readUInt32BE(20)).toBe(3 * Number(height));
});

test('text is rasterised: without its label a picture has other pixels', async () => {
  const named = await render(chart());
  const unnamed = await render({ ...chart(), title: { text: ' ', subtitle: 'CIFAR-10 · quick profile' } });

  expect(unnamed.png.equals(named.png)).toBe(false);
});

test('the written specification is the one that was drawn, and names its schema', async () => {
  const { spec } = await render(chart());

  expect(JSON.parse(spec.toString())).toEqual(JSON.parse(JSON.stringify(chart())));
  expect(spec.toString()).toContain('https://vega.github.io/schema/vega-lite/v6.json');
});
