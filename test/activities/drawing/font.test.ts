import { expect, test } from 'vitest';
import { textWidth, wrap } from '../../../activities/drawing/font.ts';

test('advances are those of the font file: Inter has 2,048 units an em, its regular space 576', () => {
  expect(textWidth(' ', 2_048, false)).toBe(576);
});

test('widths add up and grow with the font size', () => {
  expect(textWidth('aa', 10, false)).toBeCloseTo(2 * textWidth('a', 10, false), 10);
  expect(textWidth('label', 24, false)).toBeCloseTo(2 * textWidth('label', 12, false), 10);
});

test('semi-bold is wider than regular', () => {
  expect(textWidth('Training loss', 12, true)).toBeGreaterThan(textWidth('Training loss', 12, false));
});

test('lines break between words, and a word wider than the line stands alone', () => {
  const width = textWidth('two words', 12, false);

  expect(wrap('two words incomprehensibility and', width, 12)).toEqual([
    'two words',
    'incomprehensibility',
    'and',
  ]);
});
