/** What each open choice of Table 3 is made among; the rule is in choose.ts. */
import type { ChoiceRequest, KernelCandidate } from '../contract.ts';
import { contentId } from '../identity/identity.ts';
import { GAMMAS, meanSquaredDistance, RELATIVE_GAMMAS } from './choose.ts';
import { GABOR_BANKS } from './gabor.ts';
import type { Points } from './points.ts';
import { type GaussianFeatures, pointsOf } from './points-of.ts';

/** A candidate before it is scored. */
export type Unscored = Omit<KernelCandidate, 'errors'>;

interface GaussianCandidate {
  name: string;
  features: GaussianFeatures;
  points: Points;
}

/** Parts of 1/(mean squared distance) for pixels of photographs, whose distances are other than MNIST's. */
const PHOTOGRAPH_GAMMAS: readonly number[] = [1, 2, 4, 8, 16];

/** λ of the random net, in parts of the mean of K's diagonal, which is `meanSquare`. */
const RELATIVE_L2: readonly number[] = [1e-3, 1e-2, 1e-1, 1, 10];

/** All lists: a choice among others is another choice, and has another name in the store. */
const LISTS = { GAMMAS, GABOR_BANKS, RELATIVE_GAMMAS, PHOTOGRAPH_GAMMAS, RELATIVE_L2 };

/** Names a choice by what is asked and among what. */
export const choiceId = (request: ChoiceRequest): string => contentId({ ...request, LISTS });

/** Bandwidths, or wavelets and bandwidths, in the order in which equals are preferred, with the points that candidates
 *  share. images: uint8 [n, d]. */
export async function gaussianCandidates(
  of: Exclude<ChoiceRequest['of'], { kind: 'random-filters' }>,
  { images, d, digits }: { images: Uint8Array; d: number; digits: boolean },
): Promise<GaussianCandidate[]> {
  if (of.kind === 'pixels') {
    const { train: points } = await pointsOf(of, { train: images, d });
    const gammas = digits ? GAMMAS : relative(PHOTOGRAPH_GAMMAS, points);
    return gammas.map((gamma) => ({
      name: `γ = ${gamma.toPrecision(3)}`,
      features: { kind: 'pixels', gamma },
      points,
    }));
  }
  const candidates: GaussianCandidate[] = [];
  for (const { wavelengths: lengths, ...rest } of GABOR_BANKS) {
    const bank = { ...rest, wavelengths: [...lengths] };
    const { train: points } = await pointsOf({ kind: 'gabor', bank }, { train: images, d });
    const name = `${bank.orientations} angles, wavelengths ${lengths.join(' and ')}, windows of ${bank.window}`;
    for (const gamma of relative(RELATIVE_GAMMAS, points)) {
      const features = { kind: 'gabor' as const, bank, gamma };
      candidates.push({ name: `${name}, γ = ${gamma.toPrecision(3)}`, features, points });
    }
  }
  return candidates;
}

export const randomNetCandidates = (
  of: Extract<ChoiceRequest['of'], { kind: 'random-filters' }>,
  meanSquare: number,
): Unscored[] =>
  RELATIVE_L2.map((part) => ({
    name: `λ = ${part} of the mean diagonal`,
    features: of,
    l2: part * meanSquare,
  }));

const relative = (parts: readonly number[], points: Points) =>
  parts.map((part) => part / meanSquaredDistance(points));
