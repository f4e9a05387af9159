/** Bandwidth and wavelets by leave-one-out errors on the first training images (kernel/choose.ts); the test images are
 *  never looked at. */
import type { BandwidthChoice } from '../contract.ts';
import { Failure } from '../failure/failure.ts';
import {
  best,
  type Candidate,
  meanSquaredDistance,
  RELATIVE_GAMMAS,
  type Scored,
  scoreCandidates,
} from '../kernel/choose.ts';
import { GABOR_BANKS, type GaborBank } from '../kernel/gabor.ts';
import { withSession } from '../kernel/session.ts';
import { placeFeatures } from './kernel-machine.ts';

/** images: uint8 [n, d]. next: told how far it is. */
export async function chooseKernel(
  features: BandwidthChoice['features'],
  split: { images: Uint8Array; d: number; labels: Uint8Array },
  next: (stretch: string) => Promise<void>,
): Promise<BandwidthChoice> {
  const { images, d, labels } = withoutCopies(split);
  const candidates: (Candidate & { bank: GaborBank | null })[] = [];
  for (const bank of features === 'pixels' ? [null] : GABOR_BANKS) {
    const [points] = await withSession((session) =>
      placeFeatures(session, bank, { d, train: images, test: NO_IMAGES }),
    );
    const unit = 1 / meanSquaredDistance(points);
    const own = RELATIVE_GAMMAS.map((part) => ({ gamma: part * unit, points: async () => points }));
    for (const one of own) candidates.push({ ...one, bank, name: String(candidates.length) });
  }
  const scored: Scored[] = [];
  for await (const one of scoreCandidates(candidates, labels)) {
    scored.push(one);
    await next(`bandwidth of ${features}, ${scored.length} of ${candidates.length}`);
  }
  const chosen = best(scored);
  if (chosen?.errors == null) {
    throw new Failure(
      'InvalidInput',
      `The kernel of the first ${labels.length} training images is singular in float64 at every bandwidth: ` +
        'some are all but copies of others; use another data set.',
    );
  }
  const { bank } = candidates.find(({ name }) => name === chosen.name)!;
  const { gamma, errors } = chosen;
  return {
    features,
    bank: bank && { ...bank, wavelengths: [...bank.wavelengths] },
    gamma,
    errors,
    images: labels.length,
  };
}

const NO_IMAGES = new Uint8Array(0);

/** Leaving one of two copies out says nothing, and their kernel is singular. */
function withoutCopies({ images, d, labels }: { images: Uint8Array; d: number; labels: Uint8Array }) {
  const seen = new Set<string>();
  const kept = Array.from(labels.keys()).filter((i) => {
    const content = Buffer.from(images.subarray(i * d, (i + 1) * d)).toString('latin1');
    return !seen.has(content) && seen.add(content);
  });
  return {
    images: Buffer.concat(kept.map((i) => images.subarray(i * d, (i + 1) * d))),
    labels: Uint8Array.from(kept, (i) => labels[i]!),
    d,
  };
}
