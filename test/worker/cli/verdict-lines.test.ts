import { expect, test } from 'vitest';
import type { Verdict } from '../../../activities/contract.ts';
import { verdictLines } from '../../../worker/cli/verdict-lines.ts';

const small = { kind: 'not judged at this scale', reason: 'The quick profile is too small.' } as const;
const claim: Verdict = {
  claim: 'figure-1a.all-fitted',
  published: 'The same network fits all five conditions.',
  measured: 'No training error from step 72.',
  agrees: true,
  ...small,
};
const cell: Verdict = {
  claim: 'table-1.inception.true-labels.test',
  published: '85.75 %',
  measured: '45.10 %',
  agrees: null,
  ...small,
};

test('a claim has what the paper says and what was seen, a number one line, and verdicts share their notes', () => {
  expect(verdictLines([claim, cell]).slice(0, -1)).toEqual([
    '→ figure-1a.all-fitted [1]',
    '    paper  The same network fits all five conditions.',
    '    ours   No training error from step 72.',
    `· ${'table-1.inception.true-labels.test'.padEnd(54)} paper 85.75 %      ours 45.10 % [1]`,
    '[1] not judged at this scale: The quick profile is too small.',
  ]);
});

test('verdicts that differ have a note each', () => {
  const lines = verdictLines([
    { ...cell, kind: 'reproduced', reason: 'Within its interval.' },
    { ...claim, agrees: false },
  ]);
  expect(lines[0]).toMatch(/^✓ table-1.* \[1\]$/);
  expect(lines[1]).toBe('↛ figure-1a.all-fitted [2]');
  expect(lines.slice(4, 6)).toEqual([
    '[1] reproduced: Within its interval.',
    '[2] not judged at this scale: The quick profile is too small.',
  ]);
});
