import { expect, test } from 'vitest';
import type { Verdict } from '../../../activities/contract.ts';
import { verdictsMarkdown } from '../../../activities/verdicts/markdown.ts';

const verdict: Verdict = {
  claim: 'figure-1a.all-fitted',
  published: 'All are fitted.',
  measured: '48',
  kind: 'reproduced',
  agrees: true,
  reason: 'It holds.',
};

const rowOf = (changes: Partial<Verdict>) =>
  verdictsMarkdown('Title', 'Stamp', [{ ...verdict, ...changes }])
    .split('\n')
    .find((line) => line.startsWith('| figure-1a'));

test('a verdict is one row of five cells', () => {
  expect(rowOf({})).toBe('| figure-1a.all-fitted | All are fitted. | 48 | reproduced | It holds. |');
});

test('pipes, line breaks, tags, links and emphasis in a message stay text in their cell', () => {
  expect(rowOf({ reason: 'a|b\nc <img> [x](y) *z* `q` \\' })).toBe(
    '| figure-1a.all-fitted | All are fitted. | 48 | reproduced | a\\|b c \\<img\\> \\[x\\](y) \\*z\\* \\`q\\` \\\\ |',
  );
});

test('the title of a data set cannot become markup', () => {
  expect(verdictsMarkdown('Title', 'my_set | <b>', [])).toContain('\nmy\\_set \\| \\<b\\>\n');
});

test('only where no verdict may be given the direction is told', () => {
  expect(rowOf({ kind: 'not judged at this scale', agrees: true })).toContain('(points the same way)');
  expect(rowOf({ kind: 'not judged at this scale', agrees: false })).toContain('(points the other way)');
  expect(rowOf({ kind: 'not judged at this scale', agrees: null })).toContain('| not judged at this scale |');
  expect(rowOf({ kind: 'off', agrees: false })).toContain('| off |');
});

test('nothing measured is a dash', () => {
  expect(rowOf({ measured: '' })).toContain('| – |');
});
