/** Gabor wavelet features of MNIST's images (Section 5; the paper names no bank). Here: the magnitude of the response
 *  to a wavelet and its quadrature partner, which does not change when a stroke moves by a part of its width, averaged
 *  over small overlapping windows. Which bank: choose.ts, on training images alone. */
import { PIXELS, SIDE } from '../data/mnist.ts';
import { ranges } from './blocks.ts';
import { convolutions } from './convolution.ts';
import { operations } from './operations.ts';
import type { Session } from './session.ts';

export interface GaborBank {
  /** Angles from 0 to π, equally apart. */
  orientations: number;
  /** Lengths of the waves, in pixels. */
  wavelengths: number[];
  /** σ of the envelope, in wavelengths. */
  width: number;
  /** Windows of means over the magnitudes, in pixels; every half of one. */
  window: number;
}

/** A stroke of MNIST is about three pixels wide, half a wave of six. */
export const GABOR_BANKS: readonly GaborBank[] = [
  { orientations: 8, wavelengths: [6], width: 0.4, window: 4 },
  { orientations: 8, wavelengths: [4, 8], width: 0.4, window: 4 },
  { orientations: 8, wavelengths: [6], width: 0.4, window: 6 },
  { orientations: 8, wavelengths: [4, 8], width: 0.4, window: 6 },
];

/** exp(−ρ²/2σ²)·cos(2πu/λ) and ·sin, u along the wave, each of mean 0 and unit length: float64 [side, side], side
 *  odd. The even one is symmetric about its middle, the odd one antisymmetric. */
export interface Wavelet {
  side: number;
  even: Float64Array;
  odd: Float64Array;
}

export function gaborWavelet(angle: number, wavelength: number, width: number): Wavelet {
  const sigma = width * wavelength;
  const reach = Math.ceil(2.5 * sigma); // the envelope is below 0.05 there
  const side = 2 * reach + 1;
  const envelope = new Float64Array(side * side);
  const even = new Float64Array(side * side);
  const odd = new Float64Array(side * side);
  for (let i = 0; i < side * side; i++) {
    const [x, y] = [(i % side) - reach, Math.floor(i / side) - reach];
    const u = x * Math.cos(angle) + y * Math.sin(angle);
    envelope[i] = Math.exp(-(x * x + y * y) / (2 * sigma * sigma));
    even[i] = envelope[i]! * Math.cos((2 * Math.PI * u) / wavelength);
    odd[i] = envelope[i]! * Math.sin((2 * Math.PI * u) / wavelength);
  }
  // Of the envelope as much as makes a constant image answer nothing.
  const excess = total(even) / total(envelope);
  for (let i = 0; i < even.length; i++) even[i]! -= excess * envelope[i]!;
  return { side, even: unit(even), odd: unit(odd) };
}

const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);

function unit(values: Float64Array): Float64Array {
  const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  return values.map((value) => value / length);
}

/** How many features an image has. */
export function gaborFeatureCount({ orientations, wavelengths, window }: GaborBank): number {
  const positions = Math.floor((SIDE - window) / (window / 2)) + 1;
  return orientations * wavelengths.length * positions ** 2;
}

/** float32 [n, features] of uint8 [n, 28, 28], which count as pixels / 255. Yields how many images are done. */
export async function* gaborFeatures(
  session: Session,
  bank: GaborBank,
  images: Uint8Array,
): AsyncGenerator<number, Float32Array<ArrayBuffer>> {
  const { convolve, root, average, concatenate } = convolutions(session);
  const { add, times } = operations(session, 'float32');
  const n = images.length / PIXELS;
  const count = gaborFeatureCount(bank);
  const features = new Float32Array(n * count);
  const filters = bank.wavelengths.map((wavelength) => placeBank(session, bank, wavelength));
  for (const { even, odd } of filters) {
    await session.write(even.variable, even.data);
    await session.write(odd.variable, odd.data);
  }
  const at = session.placeholder('float32', [-1, SIDE, SIDE, 1]);
  const magnitudes = filters.map(({ even, odd }) => {
    const [real, imaginary] = [even, odd].map(({ variable }) => convolve(at, variable.value, 'SAME'));
    return root(add(times(real!, real!), times(imaginary!, imaginary!)));
  });
  const pooled = average(concatenate(magnitudes), bank.window, bank.window / 2);
  for (const { first, size } of ranges(n, IMAGES)) {
    const data = Float32Array.from(
      images.subarray(first * PIXELS, (first + size) * PIXELS),
      (pixel) => pixel / 255,
    );
    const feeds = [{ at, type: 'float32' as const, shape: [size, SIDE, SIDE, 1], data }];
    const [values] = await session.run({ feeds, fetches: [pooled] });
    features.set(values!, first * count);
    yield first + size;
  }
  return features;
}

/** Of a run: their magnitudes take 25 MB an orientation and wavelength. */
const IMAGES = 2000;

/** The filters of one wavelength, [side, side, 1, orientations]. */
function placeBank(session: Session, { orientations, width }: GaborBank, wavelength: number) {
  const wavelets = Array.from({ length: orientations }, (_, k) =>
    gaborWavelet((Math.PI * k) / orientations, wavelength, width),
  );
  const { side } = wavelets[0]!;
  const place = (part: 'even' | 'odd') => {
    const data = new Float32Array(side * side * orientations);
    for (let i = 0; i < data.length; i++) {
      data[i] = wavelets[i % orientations]![part][Math.floor(i / orientations)]!;
    }
    return { data, variable: session.variable('float32', [side, side, 1, orientations]) };
  };
  return { even: place('even'), odd: place('odd') };
}
