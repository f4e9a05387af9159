import { expect, test } from 'vitest';
import { factor, inverseDiagonal, substitution } from '../../../activities/kernel/cholesky.ts';
import { gaussianBlock } from '../../../activities/kernel/gaussian.ts';
import {
  allocateMatrix,
  computedProduct,
  fillMatrix,
  storedProduct,
} from '../../../activities/kernel/matrix.ts';
import { pixelPoints, placePoints } from '../../../activities/kernel/points.ts';
import { type Session, withSession } from '../../../activities/kernel/session.ts';
import { flat, furthest, gaussian, identity, inRows, multiply, sample, solved } from './small.ts';

const N = 70;
const D = 49;
const GAMMA = 0.3;
const { pixels } = sample(N, D);
const rows = gaussian(pixels, pixels, D, GAMMA);
const y = Float64Array.from({ length: N * 3 }, (_, i) => Math.sin(i));

/** Blocks of 16: four whole ones and one of 6. */
async function matrixIn(session: Session, type: 'float32' | 'float64') {
  const points = await placePoints(session, pixelPoints(pixels, D));
  const matrix = allocateMatrix(session, type, N, 16);
  await fillMatrix(session, matrix, gaussianBlock(GAMMA, points, points));
  return matrix;
}

test('a product with the lower blocks is one with the whole matrix', () =>
  withSession(async (session) => {
    const product = storedProduct(session, await matrixIn(session, 'float64'), 3);
    expect(furthest(await product(y), flat(multiply(rows, inRows(y, 3))))).toBeLessThan(1e-13);
  }));

test('so is one that computes its blocks', () =>
  withSession(async (session) => {
    const points = await placePoints(session, pixelPoints(pixels, D));
    const kernel = gaussianBlock(GAMMA, points, points);
    const product = computedProduct(session, 'float64', { n: N, m: 3, kernel });
    expect(furthest(await product(y), flat(multiply(rows, inRows(y, 3))))).toBeLessThan(1e-13);
  }));

test('the factor in blocks solves the system as elimination does', () =>
  withSession(async (session) => {
    const matrix = await matrixIn(session, 'float64');
    expect(await factor(session, matrix)).toBe(true);
    const alpha = await substitution(session, matrix, 3)(y);
    const expected = flat(solved(rows, inRows(y, 3)));
    // The condition number is below 1e4.
    expect(furthest(alpha, expected)).toBeLessThan(1e-9);
  }));

test('the diagonal of the inverse is that of the inverse', () =>
  withSession(async (session) => {
    const matrix = await matrixIn(session, 'float64');
    await factor(session, matrix);
    const expected = solved(rows, identity(N)).map((row, i) => row[i]!);
    expect(furthest(await inverseDiagonal(session, matrix), expected)).toBeLessThan(1e-9);
  }));

test('a matrix that is not positive definite is found out', () =>
  withSession(async (session) => {
    const points = await placePoints(session, pixelPoints(new Uint8Array(20 * D), D)); // twenty times one point
    const matrix = allocateMatrix(session, 'float32', 20, 8);
    await fillMatrix(session, matrix, gaussianBlock(GAMMA, points, points));
    expect(await factor(session, matrix)).toBe(false);
  }));
