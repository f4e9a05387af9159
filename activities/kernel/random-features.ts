/** The kernel matrix of the random convolutional net, K = Φ·Φᵀ, summed up over filters some at a time: the features of
 *  32,000 filters, 256,000 an image, never exist at once.
 *
 *  Of an image: the response r of every filter at every place, its two soft thresholds max(r − 1, 0) and max(−r − 1, 0),
 *  averaged over four quarters that share their middle row and column, less their means over the training images. */
import { BYTES_PER_IMAGE, CHANNELS, SIDE } from '../data/images.ts';
import { type Range, ranges } from './blocks.ts';
import { convolutions } from './convolution.ts';
import { allocateMatrix, pairs, type SymmetricMatrix } from './matrix.ts';
import { assign, operations } from './operations.ts';
import {
  CONTRAST_FLOOR,
  type Filters,
  PATCH,
  PATCH_PIXELS,
  PLACES,
  randomFilters,
  type Whitening,
} from './random-filters.ts';
import { constant, type Real, type Reals, type Session, type Variable } from './session.ts';

/** Open in the paper; in units of a response's standard deviation. */
const THRESHOLD = 1;

const QUARTER = Math.ceil(PLACES / 2); // 14 of 27 places, 13 apart
export const FEATURES_A_FILTER = 2 * 4;

/** Images of a run: the responses of 256 filters to one take 0.75 MB, and a run holds a few copies. */
const IMAGES = 128;

export interface RandomFeatures {
  /** uint8 [n, 32, 32, 3] */
  train: Uint8Array;
  test: Uint8Array;
  seed: number;
  filters: number;
  /** Filters whose features exist at once: float32 [n + tests, 8·together]. */
  together: number;
  /** Of K's blocks. */
  type: Real;
  whitening: Whitening;
}

/** K of the training images, over the number of features, and of test images with training images, in strips of
 *  columns as K's blocks. */
export interface FeatureKernel {
  matrix: SymmetricMatrix;
  tests: number;
  cross: Variable[];
}

/** Yields how many filters are in, the last time all of them. */
export async function* featureKernel(
  session: Session,
  request: RandomFeatures,
): AsyncGenerator<number, FeatureKernel> {
  const { train, test, filters, together, type } = request;
  const n = train.length / BYTES_PER_IMAGE;
  const tests = test.length / BYTES_PER_IMAGE;
  const matrix = allocateMatrix(session, type, n);
  const all = matrix.blocks.ranges;
  const cross = all.map(({ size }) => session.variable(type, [tests, size]));
  for (const variable of [...cross, ...pairs(all).map(([i, j]) => matrix.blocks.at(i, j))]) {
    const zeros = operations(session, type).zeros(variable.shape);
    await session.run({ targets: [assign(session, variable, zeros)] });
  }
  for (const portion of portions(filters, together)) {
    const layer = placeLayer(session, portion.size);
    const addProducts = productsOf(session, { matrix, tests, cross }, FEATURES_A_FILTER * portion.size);
    for (let first = portion.first; first < portion.end; first += portion.size) {
      await addProducts(await computeFeatures(layer, request, { first, size: portion.size }));
      yield first + portion.size;
    }
  }
  return { matrix, tests, cross };
}

/** Gives every image one more feature, the same for all, of the mean size of the others together: features of mean 0
 *  cannot represent what the labels are on average. Returns its square, the mean of K's diagonal before. */
export async function addConstantFeature(
  session: Session,
  { matrix, cross }: FeatureKernel,
): Promise<number> {
  const { type, n, blocks } = matrix;
  const { add, times, identity, zeros, scalar, sum, sumOver } = operations(session, type);
  const diagonals = blocks.ranges.map(({ size }, i) => {
    const own = times(blocks.at(i, i).value, identity(size));
    return sumOver('columns', sumOver('rows', own));
  });
  const [trace] = await session.run({ fetches: [sum(diagonals)] });
  const square = trace![0]! / n;
  for (const variable of [...cross, ...pairs(blocks.ranges).map(([i, j]) => blocks.at(i, j))]) {
    const constantBlock = add(zeros(variable.shape), scalar(square));
    await session.run({ targets: [assign(session, variable, constantBlock, 'add')] });
  }
  return square;
}

/** Filters in portions of one size, and those that are left: nodes are made once for each. */
function portions(filters: number, together: number): { first: number; end: number; size: number }[] {
  const whole = filters - (filters % together);
  return [
    { first: 0, end: whole, size: together },
    { first: whole, end: filters, size: filters - whole },
  ].filter(({ first, end }) => first < end);
}

export interface Centred {
  width: number;
  /** float32 [n, width] and [tests, width] */
  train: Float32Array<ArrayBuffer>;
  test: Float32Array<ArrayBuffer>;
}

/** Of some filters for all images, less the training means, over √(number of features of all filters). */
export async function computeFeatures(
  layer: Layer,
  { train, test, seed, filters, whitening }: RandomFeatures,
  { first, size }: Range,
): Promise<Centred> {
  await layer.setFilters(randomFilters(train, whitening, { seed, first, count: size }));
  const width = FEATURES_A_FILTER * size;
  const of = async (images: Uint8Array) => {
    const count = images.length / BYTES_PER_IMAGE;
    const features = new Float32Array(count * width);
    for (const range of ranges(count, IMAGES)) {
      features.set(await layer.pooled(images, range), range.first * width);
    }
    return features;
  };
  const features = { width, train: await of(train), test: await of(test) };
  const means = new Float64Array(width);
  const n = train.length / BYTES_PER_IMAGE;
  for (let i = 0; i < features.train.length; i++) means[i % width]! += features.train[i]! / n;
  const scale = 1 / Math.sqrt(FEATURES_A_FILTER * filters);
  for (const values of [features.train, features.test]) {
    for (let i = 0; i < values.length; i++) values[i] = scale * (values[i]! - means[i % width]!);
  }
  return features;
}

export interface Layer {
  setFilters(filters: Filters): Promise<void>;
  /** Of some images: float32 [range.size, 2, 2, 2·count]. */
  pooled(images: Uint8Array, range: Range): Promise<Reals>;
}

/** The convolutional layer on the device, for `count` filters at a time. */
export function placeLayer(session: Session, count: number): Layer {
  const { convolve, average, relu, root, divide, concatenate } = convolutions(session);
  const { add, subtract, times, scalar } = operations(session, 'float32');
  const kernel = session.variable('float32', [PATCH, PATCH, CHANNELS, count]);
  const offset = session.variable('float32', [count]);
  const mean = constant(
    session,
    'float32',
    [PATCH, PATCH, CHANNELS, 1],
    new Array<number>(PATCH_PIXELS).fill(1 / PATCH_PIXELS),
  );
  const at = session.placeholder('float32', [-1, SIDE, SIDE, CHANNELS]);
  const patchMean = convolve(at, mean, 'VALID'); // [images, 27, 27, 1]
  const patchSquare = convolve(times(at, at), mean, 'VALID');
  const variance = subtract(patchSquare, times(patchMean, patchMean));
  const contrast = root(add(variance, scalar(CONTRAST_FLOOR)));
  const response = subtract(divide(convolve(at, kernel.value, 'VALID'), contrast), offset.value);
  const threshold = scalar(THRESHOLD);
  const split = [response, subtract(scalar(0), response)].map((r) => relu(subtract(r, threshold)));
  const pooled = average(concatenate(split), QUARTER, QUARTER - 1); // [images, 2, 2, 2·count]

  return {
    async setFilters({ filters, offsets }) {
      await session.write(kernel, filters);
      await session.write(offset, offsets);
    },
    async pooled(images, { first, size }) {
      const pixels = images.subarray(first * BYTES_PER_IMAGE, (first + size) * BYTES_PER_IMAGE);
      const data = Float32Array.from(pixels);
      const shape = [size, SIDE, SIDE, CHANNELS];
      const feeds = [{ at, type: 'float32' as const, shape, data }];
      const [features] = await session.run({ feeds, fetches: [pooled] });
      return features!;
    },
  };
}

/** Adds the products of features of some width to K's blocks and the strips. */
function productsOf(
  session: Session,
  { matrix: { type, blocks }, tests, cross }: FeatureKernel,
  width: number,
): (features: Centred) => Promise<void> {
  const { product } = operations(session, 'float32');
  const { cast } = operations(session, type);
  const all = blocks.ranges;
  const rows = all.map(({ size }) => session.variable('float32', [size, width]));
  const newRows = session.variable('float32', [tests, width]);
  const products = rows.map((own, i) => {
    const of = (others: Variable) => cast(product(others.value, own.value, { b: true }), 'float32');
    const below = rows.slice(i).map((others, place) => ({ at: blocks.at(i + place, i), others }));
    return [...below, { at: cross[i]!, others: newRows }].map(({ at, others }) =>
      assign(session, at, of(others), 'add'),
    );
  });
  return async ({ train, test }) => {
    for (const [i, { first, size }] of all.entries()) {
      await session.write(rows[i]!, train.subarray(first * width, (first + size) * width));
    }
    await session.write(newRows, test);
    for (const targets of products) await session.run({ targets });
  };
}
