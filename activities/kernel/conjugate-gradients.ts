/** K α = y by preconditioned conjugate gradients, all right-hand sides in step: one product with K an iteration serves
 *  them all. A pure generator: state is plain data, every state is new, and going on from one gives the numbers of a
 *  run that was never interrupted, bit for bit.
 *
 *  The product of the iterations may be inexact (float32 blocks), and so may the residual they carry along. Where that
 *  has fallen far enough it is computed anew by the exact product, and the iterations start from it again: iterative
 *  refinement. What is reported as `exact` never rests on the inexact product. */
import type { Operator, Vectors } from './vectors.ts';

/** float64 [n, m] but for `energy`, [m]: ⟨r, M⁻¹r⟩ of each right-hand side. */
export interface Iterate {
  iteration: number;
  alpha: Vectors;
  /** y − Kα: exact, or carried along since it was. */
  residual: Vectors;
  exact: boolean;
  /** Of the next step; null where the iterations start anew. */
  direction: Vectors | null;
  energy: Float64Array<ArrayBuffer>;
  /** The size of the residual at which it is computed anew. */
  goal: number;
}

export interface LinearSystem {
  /** float64 [n, m] */
  y: Vectors;
  m: number;
  /** For the iterations, and for what is reported; may be the same. */
  product: Operator;
  exactProduct: Operator;
  /** Close to K⁻¹, symmetric, positive definite. */
  preconditioner: Operator;
}

/** Residuals are measured as the largest over the right-hand sides of ‖y − Kα‖ / ‖y‖. */
export interface Stop {
  residual: number;
  /** Of the iterations; the last state may then be above the residual. */
  iterations: number;
}

/** A product in float32 says nothing below this part of the residual that it started from. */
const REDUCTION = 1e-5;

export const start = ({ y, m }: Pick<LinearSystem, 'y' | 'm'>): Iterate => ({
  iteration: 0,
  alpha: new Float64Array(y.length),
  residual: y.slice(),
  exact: true,
  direction: null,
  energy: new Float64Array(m),
  goal: REDUCTION,
});

/** Yields every state after the one it starts from, the exact ones among them; returns the last, which is exact. */
export async function* conjugateGradients(
  system: LinearSystem,
  stop: Stop,
  from: Iterate = start(system),
): AsyncGenerator<Iterate, Iterate> {
  let state = from;
  for (;;) {
    const size = relativeSize(state.residual, system);
    const spent = state.iteration >= stop.iterations;
    if (state.exact && (size <= stop.residual || spent)) return state;
    const inexact = system.product !== system.exactProduct;
    const low = size <= (inexact ? Math.max(state.goal, stop.residual) : stop.residual);
    state = !state.exact && (low || spent) ? await refined(system, state) : await stepped(system, state);
    yield state;
  }
}

/** The largest over the right-hand sides of ‖residual‖ / ‖y‖. */
export function relativeSize(residual: Float64Array, { y, m }: Pick<LinearSystem, 'y' | 'm'>): number {
  const [over, under] = [dots(residual, residual, m), dots(y, y, m)];
  return Math.max(...over.map((value, c) => (under[c] === 0 ? 0 : Math.sqrt(value / under[c]!))));
}

async function refined(system: LinearSystem, state: Iterate): Promise<Iterate> {
  const product = await system.exactProduct(state.alpha);
  const residual = system.y.map((value, i) => value - product[i]!);
  const goal = REDUCTION * relativeSize(residual, system);
  return { ...state, residual, exact: true, direction: null, goal };
}

async function stepped(system: LinearSystem, state: Iterate): Promise<Iterate> {
  const { m } = system;
  const begun = state.direction ? state : await begin(system, state);
  const direction = begun.direction!;
  const product = await system.product(direction);
  const curvature = dots(direction, product, m);
  const length = ratio(begun.energy, curvature);
  const alpha = begun.alpha.map((value, i) => value + length[i % m]! * direction[i]!);
  const residual = begun.residual.map((value, i) => value - length[i % m]! * product[i]!);
  const preconditioned = await system.preconditioner(residual);
  const energy = dots(residual, preconditioned, m);
  // ⟨z', r' − r⟩ instead of ⟨z', r'⟩: a preconditioner in float32 is not quite the same map twice (Golub, Ye 1999).
  const change = dots(
    preconditioned,
    residual.map((value, i) => value - begun.residual[i]!),
    m,
  );
  const keep = ratio(change, begun.energy);
  return {
    ...begun,
    iteration: begun.iteration + 1,
    alpha,
    residual,
    exact: false,
    direction: preconditioned.map((value, i) => value + keep[i % m]! * direction[i]!),
    energy,
  };
}

async function begin(system: LinearSystem, state: Iterate): Promise<Iterate> {
  const direction = await system.preconditioner(state.residual);
  return { ...state, direction, energy: dots(state.residual, direction, system.m) };
}

/** Column by column of two [n, m]. */
export function dots(a: Float64Array, b: Float64Array, m: number): Float64Array<ArrayBuffer> {
  const sums = new Float64Array(m);
  for (let i = 0; i < a.length; i++) sums[i % m]! += a[i]! * b[i]!;
  return sums;
}

/** 0 where a right-hand side is solved exactly, and both are. */
const ratio = (over: Float64Array, under: Float64Array) =>
  over.map((value, c) => (under[c] === 0 ? 0 : value / under[c]!));
