/** What decides the numbers of Section 5's two parts: their content ids are made from these, by whoever computes them and
 *  by whoever asks whether they are computed. */
import type { Activities, DatasetRef } from '../contract.ts';

type Asked<Name extends 'descendLinear' | 'fitInterpolants'> = Omit<
  Parameters<Activities[Name]>[0],
  'dataset'
>;

/** Raised when the same images get other numbers. */
const DESCENT = 1;
const INTERPOLANTS = 1;

/** d: values of an image. */
export function descentInputs(
  { id, train, test }: DatasetRef,
  d: number,
  { points, pointsPerDimension, testImages, seed }: Asked<'descendLinear'>,
) {
  return {
    dataset: id,
    descent: DESCENT,
    points: Math.min(points ?? Math.floor(pointsPerDimension * d), train.count),
    testImages: Math.min(testImages, test.count),
    seed,
  };
}

export function interpolantInputs(
  { id, train, test }: DatasetRef,
  { trainImages, testImages, choosing, seed }: Asked<'fitInterpolants'>,
) {
  const counts = { train: Math.min(trainImages, train.count), test: Math.min(testImages, test.count) };
  return { dataset: id, interpolants: INTERPOLANTS, ...counts, choosing, seed };
}
