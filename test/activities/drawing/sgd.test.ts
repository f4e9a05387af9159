import { expect, test } from 'vitest';
import type { Drawing } from '../../../activities/drawing/line-chart.ts';
import { render } from '../../../activities/drawing/render.ts';
import { sgdDistance } from '../../../activities/drawing/sgd-distance.ts';
import { sgdOptima } from '../../../activities/drawing/sgd-optima.ts';
import { descent, request } from '../linear/numbers.ts';

async function textOf({ spec }: Drawing): Promise<string> {
  const { svg } = await render(spec);
  const texts = Array.from(svg.toString().matchAll(/<text[^>]*>(.*?)<\/text>/gs), ([, text]) => text);
  return texts.join(' ').replace(/(<[^>]*>|\s)+/g, ' '); // a text of several lines is one of several spans
}

const STAMP =
  'paper profile: 3 images as points of 784 dimensions, kernels on 5,000; 10,000 test images · seed 7';

test('the picture of the distances says where each descent ends, and at which rate it went', async () => {
  const text = await textOf(sgdDistance(request, descent));

  expect(text).toContain(STAMP);
  expect(text).toContain('learning rate 0.00128');
  expect(text).toContain('8.0e-5 with true and 9.0e-5 with random labels');
  expect(text).toContain('From elsewhere it ends 9.0e-1 away, at another interpolant');
  expect(text).toMatch(/1e0 1e-5|1e-5 .*1e0/); // labels are values, none of them moved to the edge
});

test('its lines leave out step 0, which a logarithmic scale has not, and its CSV does not', () => {
  const { spec, csv } = sgdDistance(request, descent);

  expect(JSON.stringify(spec)).toContain(
    '{"values":[{"step":30,"distance":0.1},{"step":270,"distance":0.00008}]}',
  );
  expect(csv).toContain('\ntrue,0,0,1,1,1e-14,3\n');
  expect(csv).toContain('\nelsewhere,90,270,0.9,0.00008,0.9,0\n');
});

test('the picture of the optima says that the Hessian is one, singular, and another away from them', async () => {
  const drawing = sgdOptima(request, descent);
  const text = await textOf(drawing);

  expect(text).toContain('Rank 3 and 3 of 784');
  expect(text).toContain('from 4 on they are 0');
  expect(text).toContain('at zero an eigenvalue differs by 0.58 of the largest');
  expect(drawing.csv).toBe('place,from_zero,from_elsewhere\n1,100,100\n2,10,10\n3,1,1\n');
});
