import { expect, test } from 'vitest';
import { interpolants } from '../../../activities/tables/interpolants.ts';
import { request } from '../linear/numbers.ts';

const { markdown, csv } = interpolants(request);

test('a row an interpolant: norm, training error, test error', () => {
  expect(markdown).toContain('| linear, SGD from elsewhere | 5,000 | 1.00 | 0.00 % | 40.70 % |');
  expect(markdown).toContain(
    '| Gaussian kernel, centres at random points | 5,000 | 1.50e+6 | 0.00 % | 87.00 % |',
  );
  expect(csv.split('\n').slice(0, 5)).toEqual([
    'interpolant,gamma,norm,train_errors,train_images,test_errors,test_images',
    'linear,,0.7,0,5000,3860,10000',
    'linear-random-labels,,1.1,0,5000,9050,10000',
    'linear-elsewhere,,1,0,5000,4070,10000',
    'kernel,0.02,90,0,5000,250,10000',
  ]);
});

test('below it stand the choices and what they rest on, and the random signs', () => {
  expect(markdown).toContain(
    'Pixels / 255: γ = 0.0192, chosen for the fewest errors when each of 1,000 training images is left out, 62.',
  );
  expect(markdown).toContain('Wavelets (8 orientations, 4 and 8 pixels long, means over 6): γ = 0.00200');
  expect(markdown).toContain('fitted to 5,000 images with a mean accuracy of 100.00 %');
  expect(markdown).toContain('at least 0.989 with 95 % confidence');
});
