/** Scores every candidate by leave-one-out on the training images (choose.ts has the rule), and keeps what is known. */
import type { ChoiceRequest, KernelCandidate } from '../contract.ts';
import { gaussianCandidates, randomNetCandidates, type Unscored } from './candidates.ts';
import { scoreCandidates } from './choose.ts';
import { countErrors, oneVsAll } from './labels.ts';
import { leaveOneOut } from './leave-one-out.ts';
import { type See, TOGETHER } from './machine.ts';
import { storedKernel } from './matrix.ts';
import { last } from './points-of.ts';
import { addConstantFeature, featureKernel } from './random-features.ts';
import { whiteningOf } from './random-filters.ts';
import { openSession } from './session.ts';

/** Of the training split: uint8 [n, d] and [n]. */
interface Images {
  images: Uint8Array;
  labels: Uint8Array;
  d: number;
}

/** The errors of a candidate that was scored before; undefined where it was not. */
type Remembered = (candidate: Unscored) => Promise<number | null | undefined>;

/** Yields every candidate once it is scored. */
export function scoreChoice(
  { of, dataset, view }: Pick<ChoiceRequest, 'of' | 'dataset' | 'view'>,
  own: Images,
  remembered: Remembered,
  see: See,
): AsyncGenerator<KernelCandidate> {
  if (of.kind === 'random-filters') return scoreRandomNet(of, own, remembered, see);
  return scoreGaussian(
    of,
    { ...own, digits: dataset.name === 'mnist' || view === 'grey-centre' },
    remembered,
    see,
  );
}

async function* scoreGaussian(
  of: Exclude<ChoiceRequest['of'], { kind: 'random-filters' }>,
  own: Images & { digits: boolean },
  remembered: Remembered,
  see: See,
): AsyncGenerator<KernelCandidate> {
  const candidates = await gaussianCandidates(of, own);
  const unscored = candidates.map(({ name, features }) => ({ name, features, l2: 0 }));
  yield* scored(unscored, remembered, see, async (_, i) => {
    const { name, features, points } = candidates[i]!;
    const candidate = { name, gamma: features.gamma, points: async () => points };
    const { value } = await scoreCandidates([candidate], own.labels).next();
    return value ? value.errors : null;
  });
}

async function* scoreRandomNet(
  of: Extract<ChoiceRequest['of'], { kind: 'random-filters' }>,
  { images, labels, d }: Images,
  remembered: Remembered,
  see: See,
): AsyncGenerator<KernelCandidate> {
  const session = openSession();
  try {
    const request = {
      train: images,
      test: images.subarray(0, d), // one image, of which nothing is asked
      seed: of.seed,
      filters: of.filters,
      together: Math.min(TOGETHER, of.filters),
      type: 'float64' as const,
      whitening: whiteningOf(images, of.seed),
    };
    const kernel = await last(featureKernel(session, request), (done) =>
      see(`${done.toLocaleString('en')} of ${of.filters.toLocaleString('en')} random filters`),
    );
    const candidates = randomNetCandidates(of, await addConstantFeature(session, kernel));
    const y = oneVsAll(labels);
    yield* scored(candidates, remembered, see, async ({ l2 }) => {
      const left = await leaveOneOut(session, storedKernel(kernel.matrix), { y, l2 });
      return left && countErrors(left.outputs, labels);
    });
  } finally {
    session.close();
  }
}

async function* scored(
  candidates: Unscored[],
  remembered: Remembered,
  see: See,
  score: (candidate: Unscored, index: number) => Promise<number | null>,
): AsyncGenerator<KernelCandidate> {
  for (const [i, candidate] of candidates.entries()) {
    see(`candidate ${i + 1} of ${candidates.length}: ${candidate.name}`);
    const before = await remembered(candidate);
    yield { ...candidate, errors: before === undefined ? await score(candidate, i) : before };
  }
}
