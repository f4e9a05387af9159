/** The random convolutional net of Table 3: one layer of random filters on CIFAR-10, 32,000 of them. The paper says no
 *  more; filters here are whitened patches of training images at random places (Coates, Ng, Lee 2011), 6×6.
 *
 *  A patch p is taken as p̂ = (p − its mean)/√(its variance + 10), and whitened to W(p̂ − m), where Wᵀ·W = (C + 0.1·I)⁻¹
 *  for the mean m and covariance C of such patches. The response to a filter, the unit vector along W(q̂ − m), is then
 *    ⟨g, p̂ − m⟩ with g = (C + 0.1·I)⁻¹(q̂ − m)/√⟨q̂ − m, (C + 0.1·I)⁻¹(q̂ − m)⟩,
 *  whichever W it is: one linear system, no eigenvectors. */
import { CHANNELS, SIDE } from '../data/images.ts';
import { stream } from '../random/stream.ts';

export const PATCH = 6;
export const PATCH_PIXELS = PATCH * PATCH * CHANNELS;
/** Places of a patch along a side. */
export const PLACES = SIDE - PATCH + 1;

/** Table 3. */
export const PUBLISHED_FILTERS = 32_000;

/** On pixels from 0 to 255: what keeps flat patches from being all noise. */
export const CONTRAST_FLOOR = 10;
const WHITENING_FLOOR = 0.1;

/** So many of the patches give m and C, however many are filters. */
const STATISTICS_PATCHES = 10_000;

export interface Whitening {
  /** m: float64 [108] */
  mean: Float64Array;
  /** Lower triangular L, L·Lᵀ = C + 0.1·I: float64 [108, 108]. */
  root: Float64Array;
}

/** float32, the convolution of ⟨g, p̂ − m⟩ = (filters ∗ image)/√(variance + 10) − offset. */
export interface Filters {
  count: number;
  /** g less its mean, which takes p's mean out too: [6, 6, 3, count]. */
  filters: Float32Array<ArrayBuffer>;
  /** ⟨g, m⟩: [count] */
  offsets: Float32Array<ArrayBuffer>;
}

/** images: uint8 [n, 32, 32, 3], the training split. Patch number i is the same whatever the count. */
export function whiteningOf(images: Uint8Array, seed: number): Whitening {
  const patches = Array.from({ length: STATISTICS_PATCHES }, (_, i) => drawPatch(images, seed, i));
  const mean = new Float64Array(PATCH_PIXELS);
  for (const patch of patches) {
    for (const [k, value] of patch.entries()) mean[k]! += value / patches.length;
  }
  const covariance = new Float64Array(PATCH_PIXELS ** 2);
  for (const patch of patches) {
    for (let k = 0; k < PATCH_PIXELS; k++) {
      const scaled = (patch[k]! - mean[k]!) / patches.length;
      for (let l = 0; l <= k; l++) covariance[k * PATCH_PIXELS + l]! += scaled * (patch[l]! - mean[l]!);
    }
  }
  for (let k = 0; k < PATCH_PIXELS; k++) covariance[k * PATCH_PIXELS + k]! += WHITENING_FLOOR;
  return { mean, root: choleskyRoot(covariance, PATCH_PIXELS) };
}

/** Filters number first … first + count − 1. */
export function randomFilters(
  images: Uint8Array,
  { mean, root }: Whitening,
  { seed, first, count }: { seed: number; first: number; count: number },
): Filters {
  const filters = new Float32Array(PATCH_PIXELS * count);
  const offsets = new Float32Array(count);
  for (let f = 0; f < count; f++) {
    const centred = drawPatch(images, seed, first + f).map((value, k) => value - mean[k]!);
    const whitened = substitute(root, centred); // length² = ⟨centred, (C + 0.1·I)⁻¹ centred⟩
    const length = Math.sqrt(dot(whitened, whitened));
    const g = substituteBack(root, whitened).map((value) => value / length);
    const middle = g.reduce((sum, value) => sum + value, 0) / PATCH_PIXELS;
    for (let k = 0; k < PATCH_PIXELS; k++) filters[k * count + f] = g[k]! - middle;
    offsets[f] = dot(g, mean);
  }
  return { count, filters, offsets };
}

/** p̂ of patch number `index`: float64 [6, 6, 3] in C order. */
function drawPatch(images: Uint8Array, seed: number, index: number): Float64Array {
  const draw = stream(seed, 'random-filters', index);
  const image = draw.below(images.length / (SIDE * SIDE * CHANNELS));
  const [top, left] = [draw.below(PLACES), draw.below(PLACES)];
  const row = PATCH * CHANNELS;
  const patch = Float64Array.from({ length: PATCH_PIXELS }, (_, k) => {
    const y = top + Math.floor(k / row);
    return images[((image * SIDE + y) * SIDE + left) * CHANNELS + (k % row)]!;
  });
  const mean = patch.reduce((sum, value) => sum + value, 0) / PATCH_PIXELS;
  const variance = patch.reduce((sum, value) => sum + (value - mean) ** 2, 0) / PATCH_PIXELS;
  const scale = Math.sqrt(variance + CONTRAST_FLOOR);
  return patch.map((value) => (value - mean) / scale);
}

/** Of a symmetric positive definite matrix by its lower triangle; float64 [n, n]. */
function choleskyRoot(matrix: Float64Array, n: number): Float64Array {
  const root = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const known = dot(root.subarray(i * n, i * n + j), root.subarray(j * n, j * n + j));
      const left = matrix[i * n + j]! - known;
      root[i * n + j] = i === j ? Math.sqrt(left) : left / root[j * n + j]!;
    }
  }
  return root;
}

/** L⁻¹·b */
function substitute(root: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const x = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    x[i] = (b[i]! - dot(root.subarray(i * n, i * n + i), x)) / root[i * n + i]!;
  }
  return x;
}

/** L⁻ᵀ·b */
function substituteBack(root: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const x = b.slice();
  for (let i = n - 1; i >= 0; i--) {
    x[i]! /= root[i * n + i]!;
    for (let j = 0; j < i; j++) x[j]! -= root[i * n + j]! * x[i]!;
  }
  return x;
}

/** Over the length of the first. */
function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
