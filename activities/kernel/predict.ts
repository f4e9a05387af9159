/** What a solution says of new points, f(x) = Σᵢ αᵢ k(xᵢ, x), in blocks of new points and of the solution's. */
import { blockSize, ranges } from './blocks.ts';
import type { KernelBlock } from './gaussian.ts';
import { rowsOf } from './matrix.ts';
import { operations } from './operations.ts';
import type { Session, Variable } from './session.ts';

/** float64 [count, m]. kernel: new points × the solution's; alpha: float64 [n, m]. Yields between blocks of new
 *  points how many are done. */
export async function* predict(
  session: Session,
  kernel: KernelBlock,
  { alpha, m, count }: { alpha: Float64Array<ArrayBuffer>; m: number; count: number },
): AsyncGenerator<number, Float64Array<ArrayBuffer>> {
  const { product, sum } = operations(session, 'float64');
  const n = alpha.length / m;
  const parts = ranges(n, blockSize(n)).map((range) => {
    const coefficients = session.variable('float64', [range.size, m]);
    const data = alpha.slice(range.first * m, (range.first + range.size) * m);
    return { range, coefficients, data };
  });
  for (const { coefficients, data } of parts) await session.write(coefficients, data);
  const outputs = new Float64Array(count * m);
  for (const rows of ranges(count, NEW_POINTS)) {
    const terms = parts.map(({ range, coefficients }) =>
      product(kernel(session, 'float64', rowsOf(rows), rowsOf(range)), coefficients.value),
    );
    const [values] = await session.run({ fetches: [sum(terms)] });
    outputs.set(values!, rows.first * m);
    yield rows.first + rows.size;
  }
  return outputs;
}

/** All of a run’s kernel values exist at once: float64 [500, 60,000] takes 240 MB. */
const NEW_POINTS = 500;

/** The same where the values are there already, in strips of columns, [count, …] each. */
export async function predictFrom(
  session: Session,
  strips: Variable[],
  { alpha, m }: { alpha: Float64Array<ArrayBuffer>; m: number },
): Promise<Float64Array<ArrayBuffer>> {
  const { product, sum, cast } = operations(session, 'float64');
  let first = 0;
  const parts = strips.map(({ type, shape, value }) => {
    const rows = shape[1]!;
    const at = session.placeholder('float64', [rows, m]);
    const data = alpha.slice(first * m, (first + rows) * m);
    first += rows;
    return {
      feed: { at, type: 'float64' as const, shape: [rows, m], data },
      term: product(cast(value, type), at),
    };
  });
  const [outputs] = await session.run({
    feeds: parts.map(({ feed }) => feed),
    fetches: [sum(parts.map(({ term }) => term))],
  });
  return Float64Array.from(outputs!);
}
