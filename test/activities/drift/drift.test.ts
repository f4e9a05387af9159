/** What of two nights differs, and what of that rings. */
import { expect, test } from 'vitest';
import type { Canary, Outcome, SeenArtifact, Verdict } from '../../../activities/contract.ts';
import { judgeCanary } from '../../../activities/drift/canaries.ts';
import { driftMarkdown } from '../../../activities/drift/markdown.ts';
import { compareArtifacts, compareVerdicts } from '../../../activities/drift/verdicts.ts';
import { codeVersions, compareVersions, trainerVersions } from '../../../activities/drift/versions.ts';
import { provenance } from '../../../activities/provenance/provenance.ts';
import { environment } from '../environment.ts';

const cell = (changes: Partial<Verdict>): Verdict => ({
  claim: 'table-1.mlp-1x512.true-labels.test',
  published: '50.51 %',
  measured: '50.82 %',
  number: { value: 50.82, half: 1.2 },
  kind: 'not judged at this scale',
  agrees: true,
  reason: 'Spread unknown: one seed.',
  ...changes,
});
const seen = (verdicts: Verdict[], failure: SeenArtifact['failure'] = null): SeenArtifact => ({
  artifact: 'table-1',
  verdicts,
  failure,
});

test('a verdict that flipped rings, whatever its number', () => {
  const flipped = cell({ kind: 'off', agrees: false, reason: 'Off by 3 points.' });
  expect(compareVerdicts([cell({})], [flipped])).toMatchObject([
    { of: 'verdict', alert: true, before: expect.stringContaining('not judged'), reason: 'Off by 3 points.' },
  ]);
});

test('a number that moved within its spread is no difference, one that left it rings', () => {
  const moved = (value: number) =>
    compareVerdicts([cell({})], [cell({ measured: `${value} %`, number: { value, half: 1.2 } })]);
  expect(moved(51.9)).toEqual([]);
  expect(moved(52.1)).toMatchObject([
    { of: 'number', alert: true, before: '50.82 %', now: '52.1 %', reason: expect.stringContaining('1.28') },
  ]);
});

test('a text without a known spread is shown and does not ring', () => {
  const words = (measured: string) => cell({ measured, number: undefined });
  expect(compareVerdicts([words('step 56')], [words('step 64')])).toMatchObject([
    { of: 'text', alert: false, before: 'step 56', now: 'step 64' },
  ]);
});

test('claims that only one night has are no difference', () => {
  expect(compareVerdicts([], [cell({})])).toEqual([]);
  expect(compareVerdicts([cell({})], [])).toEqual([]);
});

test('an artifact that fails anew rings once, and not again the night after', () => {
  const failed = seen([], { type: 'DatasetUnavailable', message: 'No answer from the mirrors.' });
  expect(compareArtifacts([seen([cell({})])], [failed])).toMatchObject([
    { of: 'artifact', alert: true, before: 'made', now: 'No answer from the mirrors.' },
  ]);
  expect(compareArtifacts([failed], [failed])).toEqual([]);
  expect(compareArtifacts([failed], [seen([cell({})])])).toMatchObject([
    { of: 'artifact', alert: false, now: 'made' },
  ]);
});

const sha = (digit: string) => digit.repeat(64);
const outcome = (testCorrect: number, weights: string) =>
  ({
    steps: 60,
    train: { correct: 9_990, images: 10_000 },
    test: { correct: testCorrect, images: 10_000 },
    weights: { key: 'weights', sha256: sha(weights), bytes: 1 },
  }) as Outcome; // what a canary is judged by
const canary = (again: Outcome | null, failure: Canary['failure'] = null): Canary => ({
  title: 'mlp-1x512',
  planned: {} as Canary['planned'],
  stored: outcome(5_082, 'a'),
  outcome: again,
  failure,
});
const here = { TensorFlow: '2.21.0', device: 'cpu', processor: 'Some CPU', threads: '2' };

test('a canary on the same library, device and threads must end with the same bytes', () => {
  const same = { before: here, now: here };
  expect(judgeCanary(canary(outcome(5_082, 'a')), same)).toEqual({ state: 'same bytes', differences: [] });
  expect(judgeCanary(canary(outcome(5_082, 'b')), same)).toMatchObject({
    state: 'moved',
    differences: [{ alert: true, reason: expect.stringContaining('the code computes something else') }],
  });
});

test('with other threads its numbers may move within their spread, and no further', () => {
  const other = { before: here, now: { ...here, threads: '1' } };
  expect(judgeCanary(canary(outcome(5_150, 'b')), other).state).toBe('within spread');
  expect(judgeCanary(canary(outcome(4_500, 'b')), other)).toMatchObject({
    state: 'moved',
    differences: [{ alert: true, reason: 'test accuracy outside its spread, with threads 2 → 1.' }],
  });
});

test('a GPU need not repeat bits', () => {
  const gpu = { ...here, device: 'NVIDIA H100' };
  expect(judgeCanary(canary(outcome(5_090, 'b')), { before: gpu, now: gpu }).state).toBe('within spread');
});

test('a canary that no longer ends rings; one that the budget cut does not', () => {
  const failure = { type: 'LossNotFinite', message: 'The loss is NaN at step 12.' };
  const both = { before: here, now: here };
  expect(judgeCanary(canary(null, failure), both)).toMatchObject({
    state: 'failed',
    differences: [{ alert: true, now: failure.message }],
  });
  expect(judgeCanary(canary(null), both)).toEqual({ state: 'unfinished', differences: [] });
});

test('a trainer’s versions are read back from its provenance, with commas in its processor’s name', () => {
  const crate = provenance({
    title: 'mlp-1x512, 60 steps',
    about: '',
    inputs: [],
    outputs: [],
    parameters: {},
    environment: {
      ...environment,
      cpu: 'Some CPU, 64-Core',
      platform: 'linux 6.1.0 x64',
      tensorflow: '2.21.0',
    },
    startedAt: new Date(0),
    endedAt: new Date(1),
  });
  expect(trainerVersions(String(crate))).toEqual({
    TensorFlow: '2.21.0',
    device: 'cpu',
    processor: 'Some CPU, 64-Core',
    threads: '2',
  });
});

test('versions are compared where both are known, and never ring by themselves', () => {
  const before = { ...codeVersions(environment), ...here };
  expect(compareVersions(before, before)).toEqual([]);
  expect(compareVersions(codeVersions(environment), before)).toEqual([]);
  expect(compareVersions(before, { ...before, TensorFlow: '2.22.0' })).toMatchObject([
    { of: 'version', what: 'TensorFlow', before: '2.21.0', now: '2.22.0', alert: false },
  ]);
});

test('the report shows what differs, and says so where nothing does', () => {
  const quiet = {
    night: '2026-11-25T02:00:00.000Z',
    before: '2026-11-24T02:00:00.000Z',
    workflowId: 'nightly',
    leftOut: [],
    canaries: [{ title: 'mlp-1x512', state: 'same bytes' as const }],
    differences: [],
    alert: false,
  };
  expect(driftMarkdown(quiet)).toContain('Nothing differs.');
  const differences = compareVerdicts([cell({})], [cell({ kind: 'off', agrees: false })]);
  const text = driftMarkdown({ ...quiet, differences, leftOut: ['table-4'], alert: true });
  expect(text).toContain('| ! verdict | table-1.mlp-1x512.true-labels.test |');
  expect(text).toContain('left for the next night: table-4.');
});
