import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { parseOptions } from '../../../activities/read-options.ts';
import { commandsOf } from '../../../activities/report/commands.ts';

const FIGURE_1 = { workflow: 'reproduceFigure1', command: 'figure1' };

test('without a changed field, no input is typed', () => {
  expect(commandsOf(FIGURE_1, parseOptions('reproduceFigure1', {}))).toEqual([
    'npm run figure1',
    'temporal workflow start --task-queue rethinking --type reproduceFigure1',
  ]);
});

test('a shell hands over the very input, quotes and all', () => {
  const input = { source: `s3://o'brien/$HOME "a" \`b\`.tar`, seeds: [1, 2] };

  const [command] = commandsOf(FIGURE_1, input);

  const heard = execFileSync('sh', [
    '-c',
    command.replace(/^npm run figure1 --/, 'printf "%s\\n"'),
  ]).toString();
  expect(heard).toBe(`--input\n${JSON.stringify(input)}\n`);
});

test('fields at their default are left out', () => {
  const input = parseOptions('reproduceFigure1', { profile: 'paper', panels: ['a'] });

  expect(commandsOf(FIGURE_1, input)[1]).toBe(
    `temporal workflow start --task-queue rethinking --type reproduceFigure1 --input '{"profile":"paper","panels":["a"]}'`,
  );
});
