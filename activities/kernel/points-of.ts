/** Images as points of a Gaussian kernel: their pixels, or the magnitudes of wavelets. */
import type { KernelFeatures } from '../contract.ts';
import { gaborFeatureCount, gaborFeatures } from './gabor.ts';
import { featurePoints, type Points, pixelPoints, type Steps, stepsOf } from './points.ts';
import { withSession } from './session.ts';

export type GaussianFeatures = Exclude<KernelFeatures, { kind: 'random-filters' }>;

/** What becomes points, and which is shared by the candidates that differ in their bandwidth alone. */
type Wanted = { kind: 'pixels' } | Pick<Extract<KernelFeatures, { kind: 'gabor' }>, 'kind' | 'bank'>;

/** uint8 [n, d] each; `test` is rounded and shifted as `train` is. */
export async function pointsOf(
  features: Wanted,
  { train, test, d }: { train: Uint8Array; test?: Uint8Array; d: number },
): Promise<{ train: Points; test: Points | null }> {
  if (features.kind === 'pixels') {
    return { train: pixelPoints(train, d), test: test ? pixelPoints(test, d) : null };
  }
  const { bank } = features;
  const width = gaborFeatureCount(bank);
  const of = (images: Uint8Array) => withSession((session) => last(gaborFeatures(session, bank, images)));
  const own = await of(train);
  const steps: Steps = stepsOf(own, width);
  return {
    train: featurePoints(own, width, steps),
    test: test ? featurePoints(await of(test), width, steps) : null,
  };
}

/** What a generator returns. */
export async function last<T, R>(
  generator: AsyncGenerator<T, R>,
  see: (value: T) => void = () => {},
): Promise<R> {
  for (;;) {
    const { value, done } = await generator.next();
    if (done) return value;
    see(value);
  }
}
