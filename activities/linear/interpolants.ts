/** Kernel machines that fit everything (Section 5): with the data's labels they generalise; so do those of wavelets, whose
 *  norm is larger; with random labels, with centres at random points, and with random labels forced on the test images
 *  they do not. And ten draws of random signs (Section 2.2), fitted all the same. */
import { z } from 'zod';
import { BandwidthChoice, Interpolant, RandomSigns } from '../contract.ts';
import { CLASSES } from '../kernel/labels.ts';
import { forcedLabels, interpolateFromCentres, randomCentres } from '../kernel/non-generalising.ts';
import { pixelPoints } from '../kernel/points.ts';
import { withSession } from '../kernel/session.ts';
import { stream } from '../random/stream.ts';
import { labelsFor } from '../theory/labelled-images.ts';
import { rademacherBound } from '../theory/rademacher.ts';
import { chooseKernel } from './choose-kernel.ts';
import { countOf, interpolate, outputsAt, placeFeatures } from './kernel-machine.ts';

export interface ImageSplit {
  /** uint8 [n, d] */
  images: Uint8Array;
  /** uint8 [n] */
  labels: Uint8Array;
}

export interface InterpolantSetting {
  d: number;
  train: ImageSplit;
  test: ImageSplit;
  /** Wavelets are for MNIST's images. */
  gabor: boolean;
  /** First training images that bandwidths are chosen on. */
  choosing: number;
  seed: number;
}

/** Gives the result of a piece of work, from an earlier attempt where there is one. */
export type Step = <T>(name: string, schema: z.ZodType<T>, work: () => Promise<T>) => Promise<T>;

export const KernelNumbers = z.strictObject({
  choices: z.array(BandwidthChoice),
  interpolants: z.array(Interpolant),
  signs: RandomSigns,
});
export type KernelNumbers = z.infer<typeof KernelNumbers>;

/** next: told what comes. */
export async function fitInterpolants(
  setting: InterpolantSetting,
  step: Step,
  next: (stretch: string) => Promise<void>,
): Promise<KernelNumbers> {
  const first = {
    images: setting.train.images.subarray(0, setting.choosing * setting.d),
    labels: setting.train.labels.subarray(0, setting.choosing),
    d: setting.d,
  };
  const choose = (features: BandwidthChoice['features']) =>
    step(`choice-${features}`, BandwidthChoice, () => chooseKernel(features, first, next));
  const row = async (name: Interpolant['name'], work: () => Promise<Omit<Interpolant, 'name'>>) => {
    await next(name.replaceAll('-', ' '));
    return step(name, Interpolant, async () => ({ name, ...(await work()) }));
  };
  const pixels = await choose('pixels');
  const wavelets = setting.gabor ? await choose('gabor') : null;
  const { train, seed, d } = setting;
  const random = () =>
    Uint8Array.from(labelsFor('random', { images: train.images, labels: train.labels, d }, seed));
  const interpolants = [
    await row('kernel', () => ofLabels(setting, pixels, train.labels)),
    ...(wavelets ? [await row('kernel-gabor', () => ofLabels(setting, wavelets, train.labels))] : []),
    await row('kernel-random-labels', () => ofLabels(setting, pixels, random())),
    await row('kernel-random-centres', () => ofRandomCentres(setting, pixels)),
    await row('kernel-forced-labels', () => ofForcedLabels(setting, pixels)),
  ];
  await next('random signs');
  const signs = await step('random-signs', RandomSigns, () => fitSigns(setting, pixels));
  return { choices: wavelets ? [pixels, wavelets] : [pixels], interpolants, signs };
}

const ofLabels = (
  { d, train, test }: InterpolantSetting,
  { bank, gamma }: BandwidthChoice,
  labels: Uint8Array,
) =>
  withSession(async (session) => {
    const images = { d, train: train.images, test: test.images };
    const [points, others] = await placeFeatures(session, bank, images);
    const { alpha, outputs, norm } = await interpolate(session, { points, labels, gamma });
    const onTest = await outputsAt(session, { alpha, centres: points, gamma }, others);
    return { norm, gamma, train: countOf(outputs, labels), test: countOf(onTest, test.labels) };
  });

const ofRandomCentres = ({ d, train, test, seed }: InterpolantSetting, { gamma }: BandwidthChoice) =>
  withSession(async (session) => {
    const { labels } = train;
    const [points, others] = [pixelPoints(train.images, d), pixelPoints(test.images, d)];
    const centres = pixelPoints(randomCentres(labels.length, d, seed), d);
    const { beta, norm } = await interpolateFromCentres(session, { points, centres, gamma, labels });
    const machine = { alpha: beta, centres, gamma };
    return {
      norm,
      gamma,
      train: countOf(await outputsAt(session, machine, points), labels),
      test: countOf(await outputsAt(session, machine, others), test.labels),
    };
  });

const ofForcedLabels = ({ d, train, test, seed }: InterpolantSetting, { gamma }: BandwidthChoice) =>
  withSession(async (session) => {
    const n = train.labels.length;
    const forced = forcedLabels(test.labels.length, seed);
    const labels = Buffer.concat([train.labels, forced]);
    const points = pixelPoints(Buffer.concat([train.images, test.images]), d);
    const { outputs, norm } = await interpolate(session, { points, labels, gamma });
    const [own, others] = [outputs.subarray(0, n * CLASSES), outputs.subarray(n * CLASSES)];
    return { norm, gamma, train: countOf(own, train.labels), test: countOf(others, test.labels) };
  });

/** The ten outputs are ten draws. */
const fitSigns = ({ d, train, seed }: InterpolantSetting, { gamma }: BandwidthChoice) =>
  withSession(async (session) => {
    const points = train.labels.length;
    const draw = stream(seed, 'rademacher-signs');
    const signs = Float64Array.from({ length: points * CLASSES }, () => 2 * draw.below(2) - 1);
    const task = { points: pixelPoints(train.images, d), labels: train.labels, gamma };
    const { outputs } = await interpolate(session, task, signs);
    const accuracies = Array.from({ length: CLASSES }, (_, c) => {
      const right = Array.from(
        { length: points },
        (_, i) => outputs[i * CLASSES + c]! * signs[i * CLASSES + c]! > 0,
      );
      return right.filter(Boolean).length / points;
    });
    return { accuracies, points, ...rademacherBound(accuracies, points) };
  });
