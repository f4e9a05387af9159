import { expect, test } from 'vitest';
import type { ChoiceRequest, KernelCandidate } from '../../../activities/contract.ts';
import { best } from '../../../activities/kernel/choose.ts';
import { countErrors, oneVsAll } from '../../../activities/kernel/labels.ts';
import { scoreChoice } from '../../../activities/kernel/make-choice.ts';
import { flat, gaussian, inRows, multiply, sample, solved } from './small.ts';

const N = 30;
const { pixels: images, labels } = sample(N, 3072);
const dataset = { name: 'procedural' as const, sha256: '0'.repeat(64) };

async function scores(
  of: ChoiceRequest['of'],
  known: (name: string) => number | undefined = () => undefined,
) {
  const found: KernelCandidate[] = [];
  const own = { images, labels, d: 3072 };
  const remembered = async ({ name }: { name: string }) => known(name);
  for await (const one of scoreChoice({ of, dataset, view: 'whole' }, own, remembered, () => {}))
    found.push(one);
  return found;
}

/** By a fit without each image in turn. */
function leftOut(gamma: number): number {
  const y = inRows(oneVsAll(labels), 10);
  const kernel = gaussian(images, images, 3072, gamma);
  const outputs = Array.from(labels, (_, left) => {
    const others = [...labels.keys()].filter((i) => i !== left);
    const alpha = solved(
      others.map((i) => others.map((j) => kernel[i]![j]!)),
      others.map((i) => y[i]!),
    );
    return multiply([others.map((j) => kernel[left]![j]!)], alpha)[0]!;
  });
  return countErrors(flat(outputs), labels);
}

test('every bandwidth has the errors of as many fits as there are images, each without one', async () => {
  const found = await scores({ kind: 'pixels' });
  const gammas = found.map(({ features }) => ('gamma' in features ? features.gamma : 0));
  expect(found.map(({ errors }) => errors)).toEqual(gammas.map(leftOut));
  expect(new Set(gammas).size).toBe(found.length);
});

test('what was scored before a crash is not scored again', async () => {
  const found = await scores({ kind: 'pixels' }, (name) => (name.includes('0.0') ? 1000 : undefined));
  expect(found.every(({ errors }) => errors === 1000)).toBe(true);
});

test('λ of the random net are parts of its mean diagonal, without regularisation none', async () => {
  const found = await scores({ kind: 'random-filters', filters: 8, seed: 1 });
  const [first, second] = found;
  expect(first!.l2).toBeGreaterThan(0);
  expect(second!.l2 / first!.l2).toBeCloseTo(10, 8);
});

test('the fewest errors win, the first of equals, and none where all are singular', () => {
  const of = (...errors: (number | null)[]) => best(errors.map((one, place) => ({ errors: one, place })));
  expect(of(4, null, 3, 3)).toEqual({ errors: 3, place: 2 });
  expect(of(null, null)).toBeNull();
});
