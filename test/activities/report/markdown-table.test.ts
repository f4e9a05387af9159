import { expect, test } from 'vitest';
import { tablesOf } from '../../../activities/report/markdown-table.ts';

const textOf = (markdown: string) => tablesOf(markdown).map(({ text }) => text);

test('a pipe table becomes a table with a caption, column and row headers', () => {
  const [table] = textOf('# Table 9\n\n| model | test |\n| --- | --- |\n| MLP | 50.51 % |\n');

  expect(table).toContain('<caption>Table 9</caption>');
  expect(table).toContain('<th scope="col" class="number">test</th>');
  expect(table).toContain('<th scope="row">MLP</th><td class="number">50.51 %</td>');
});

test('an escaped pipe stays in its cell, and markup stays text', () => {
  const [table] = textOf('| a |\n| --- |\n| x \\| \\<b\\> & c |\n');

  expect(table).toContain('<th scope="row">x | &lt;b&gt; &amp; c</th>');
});

test('what is no table is a paragraph', () => {
  expect(textOf('# T\n\nCIFAR-10 · seeds 1, 2\n')).toEqual(['<p>CIFAR-10 · seeds 1, 2</p>']);
});
