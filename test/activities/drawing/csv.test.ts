import { expect, test } from 'vitest';
import { csv } from '../../../activities/drawing/csv.ts';

test('quotes, commas and line breaks are quoted as RFC 4180 says, null is an empty cell', () => {
  expect(
    csv(
      ['a', 'b'],
      [
        ['x,y', 1.5],
        ['say "no"\n', null],
      ],
    ),
  ).toBe('a,b\n"x,y",1.5\n"say ""no""\n",\n');
});
