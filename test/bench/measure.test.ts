import { expect, test } from 'vitest';
import { compare, difference, expectSame, planTurn } from './measure.ts';
import type { Subject } from './subject.ts';
import { type Variant, variantNamed } from './variants.ts';

const PROTOCOL = { rounds: 3, turnSeconds: 2 };
const ready = (variant: string, proof: number[]) => ({
  variant,
  versions: {},
  setupSeconds: 1,
  firstStepSeconds: 1,
  proof,
});

/** Processes that take as long as they are said to, and write down what is done to them. */
function machineOf(seconds: Record<string, number>, proofs: Record<string, number[]> = {}) {
  const log: string[] = [];
  const start = async ({ name }: Variant): Promise<Subject> => ({
    ready: ready(name, proofs[name] ?? [1]),
    async run(steps) {
      log.push(`${name} ${steps}`);
      return steps * seconds[name]!;
    },
    pause: () => log.push(`${name} stops`),
    resume: () => log.push(`${name} goes on`),
    peakBytes: () => 1024,
    end: async () => void log.push(`${name} ends`),
  });
  return { log, start };
}

const pairing = (...others: string[]) => ({
  reference: variantNamed('ours-compiled'),
  others: others.map(variantNamed),
});
const silent = () => {};

test('a slow step is a sample of its own, and a turn has at least two', () => {
  expect(planTurn(1.5, 2)).toEqual({ steps: 1, samples: 2 });
});

test('fast steps share a clock reading of 0.2 s', () => {
  expect(planTurn(0.002, 2)).toEqual({ steps: 100, samples: 10 });
});

test('both of a pair are measured in every round', async () => {
  const { start } = machineOf({ 'ours-compiled': 1, jax: 2 });
  const { pairs } = await compare(pairing('jax'), start, PROTOCOL, silent);
  expect(pairs[0]).toMatchObject({
    other: {
      variant: 'jax',
      samples: [
        [2, 2],
        [2, 2],
        [2, 2],
      ],
    },
    reference: [
      [1, 1],
      [1, 1],
      [1, 1],
    ],
  });
});

test('who goes first alternates from round to round', async () => {
  const { log, start } = machineOf({ 'ours-compiled': 1, jax: 1 });
  await compare(pairing('jax'), start, PROTOCOL, silent);
  const turns = log.filter((line) => line.endsWith('goes on')).map((line) => line.split(' ')[0]);
  expect(turns).toEqual(['ours-compiled', 'jax', 'jax', 'ours-compiled', 'ours-compiled', 'jax']);
});

test('only one process runs at a time: the others are stopped', async () => {
  const { log, start } = machineOf({ 'ours-compiled': 1, jax: 1 });
  await compare(pairing('jax'), start, PROTOCOL, silent);
  const running = new Set<string>();
  const together = log.map((line) => {
    const [name = '', what = ''] = line.split(/ (.*)/);
    if (/stops|ends/.test(what)) running.delete(name);
    else running.add(name);
    return running.size;
  });
  expect(Math.max(...together)).toBe(1);
});

test('a peer that computes another network is not timed, and the others are', async () => {
  const proofs = { 'ours-compiled': [2.4, 2.3], 'torch-eager': [2.4, 2.2], jax: [2.4, 2.3001] };
  const { start } = machineOf({ 'ours-compiled': 1, 'torch-eager': 1, jax: 1 }, proofs);
  const { pairs, failed } = await compare(pairing('torch-eager', 'jax'), start, PROTOCOL, silent);
  expect(pairs.map(({ other }) => other.variant)).toEqual(['jax']);
  expect(failed).toMatchObject([
    { variant: 'torch-eager', reason: expect.stringContaining('something else') },
  ]);
});

test('ours alone is measured when nothing is set against it', async () => {
  const { start } = machineOf({ 'ours-compiled': 1 });
  const { reference } = await compare(pairing(), start, PROTOCOL, silent);
  expect(reference.samples).toHaveLength(3);
});

test('ours is measured also when nothing that was set against it can be', async () => {
  const proofs = { 'ours-compiled': [2.4], jax: [2.2] };
  const { start } = machineOf({ 'ours-compiled': 1, jax: 1 }, proofs);
  const { reference, failed } = await compare(pairing('jax'), start, PROTOCOL, silent);
  expect(failed).toHaveLength(1);
  expect(reference.samples).toHaveLength(3);
});

test('bfloat16 may differ more than float32', () => {
  const [ours, theirs] = [ready('ours-bfloat16', [2.4]), ready('jax-bfloat16', [2.42])];
  expect(() => expectSame(ours, theirs, 'bfloat16')).not.toThrow();
  expect(() => expectSame(ours, theirs, 'float32')).toThrow('[2.42], expected [2.4]');
});

test('proofs of different lengths are not the same', () => {
  expect(difference([1, 2], [1])).toBe(Number.POSITIVE_INFINITY);
});
