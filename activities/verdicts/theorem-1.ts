/** Theorem 1, Lemma 1 and Corollary 1 hold for any sample, so no data set forbids a verdict. A check that fails is a flaw
 *  of the construction: the theorem is proved. */
import type { Profile, TheoremNumbers, Verdict } from '../contract.ts';
import type { Claim } from './claims.ts';
import { tooSmall } from './decide.ts';

const SHARED = {
  judgedAt: ['quick', 'paper'] satisfies Profile[],
  seeds: 1,
  openChoices: [],
};

export const ANY_LABELLING: Claim = {
  ...SHARED,
  id: 'theorem-1.any-labelling',
  where: 'Theorem 1, Section 4',
  says: 'A two-layer ReLU network with 2n + d weights represents any labelling of n points in d dimensions.',
  measure:
    'Largest error of the constructed network on its own sample with random labels, in floats and with rational weights, whose output has to equal the label; weights counted.',
  tolerance:
    'Every label by its nearest class, 2n + d weights exactly: arithmetic is finite, the theorem is not.',
};

export const LEMMA_1: Claim = {
  ...SHARED,
  id: 'theorem-1.lemma-1',
  where: 'Lemma 1, Section 4',
  says: 'The matrix max(xᵢ − bⱼ, 0) of interleaved x and b has full rank; its smallest eigenvalue is min xᵢ − bᵢ.',
  measure:
    'Triangle and diagonal of the matrix; its eigenvalues at a size where they can be computed: by the exact characteristic polynomial, which needs no tolerance.',
  tolerance: 'The triangle exactly; the eigenvalue to 1e-9 of itself, rounding of float64.',
};

export const COROLLARY_1: Claim = {
  ...SHARED,
  id: 'theorem-1.corollary-1',
  where: 'Corollary 1, Section 4',
  says: 'For every k ≥ 2 a network of depth k, width O(n/k) and O(n + d) weights does the same.',
  measure:
    'The network constructed for several k: width, weights, and errors on its own sample. The bounds are ⌈n/(k − 1)⌉ + 3 units a layer and 3n + d + 5k weights.',
  tolerance:
    'Every label by its nearest class in double-double sums, since adding up a million hinges in float64 loses labels that the weights hold; width and weights below the bounds with the constants stated.',
};

/** What O(n/k) and O(n + d) are for the construction here (theory/corollary-1.ts). */
export const boundsOf = ({ n, d, k }: { n: number; d: number; k: number }) => ({
  width: Math.ceil(n / (k - 1)) + 3,
  weights: 3 * n + d + 5 * k,
});

export function judgeTheorem1(profile: Profile, numbers: TheoremNumbers): Verdict[] {
  const findings: [Claim, Finding][] = [
    [ANY_LABELLING, anyLabelling(numbers)],
    [LEMMA_1, lemma1(numbers)],
    [COROLLARY_1, corollary1(numbers)],
  ];
  return findings.map(([claim, { holds, measured }]) => ({
    claim: claim.id,
    published: claim.says,
    measured,
    agrees: holds,
    ...verdictOf(tooSmall(profile, claim), holds),
  }));
}

interface Finding {
  holds: boolean;
  measured: string;
}

function anyLabelling(numbers: TheoremNumbers): Finding {
  const { n, d, merged, weights, exact, largestError } = numbers;
  const { float64, doubleDouble } = largestError;
  return {
    holds: exact.equal === n && exact.points === n && weights === 2 * n + d && isNearest(float64),
    measured:
      `${whole(weights)} weights for n = ${whole(n)}, d = ${whole(d)}: ${whole(exact.equal)} of ${whole(exact.points)} ` +
      `labels equal with rational weights; largest error ${short(float64)} in float64, ${short(doubleDouble)} in ` +
      `double-double sums${merged > 0 ? `; ${whole(merged)} copies of images merged` : ''}; ${lostInFloat32(numbers)}.`,
  };
}

/** Whose projection float32 survives longest: the sizes tried at which a label is lost once the terms of the projection
 *  are added up in another order. */
function lostInFloat32({ errorByProjection: rows }: TheoremNumbers): string {
  const own = rows.filter(({ precision, gapFraction }) => precision === 'float32' && gapFraction === 1);
  const lost = [...new Set(own.map(({ projection }) => projection))].map((projection) => {
    const first = own.find((row) => row.projection === projection && row.reverseOrder.wrong > 0);
    return `${projection} ${first ? `from n = ${whole(first.n)}` : 'none'}`;
  });
  return `labels lost in float32 by projection: ${lost.join(', ')}`;
}

function lemma1({ lemma1: { triangular, smallestDiagonal, eigenvalues } }: TheoremNumbers): Finding {
  return {
    holds: triangular && smallestDiagonal > 0 && eigenvalues.onDiagonal,
    measured:
      `${triangular ? 'Triangular, with a positive diagonal' : 'Not triangular'}; smallest eigenvalue ${whole(smallestDiagonal)}; ` +
      `characteristic polynomial of the first ${eigenvalues.size} rows ${eigenvalues.onDiagonal ? 'as the diagonal has it' : 'another one'}.`,
  };
}

function corollary1({ n, d, corollary1: rows }: TheoremNumbers): Finding {
  const beyond = rows.filter(({ k, depth, width, weights }) => {
    const bounds = boundsOf({ n, d, k });
    return depth !== k || width > bounds.width || weights > bounds.weights;
  });
  const lost = rows.filter(({ largestError }) => !isNearest(largestError.doubleDouble));
  const [first, last] = [rows[0]!, rows[rows.length - 1]!];
  const worst = (sums: 'float64' | 'doubleDouble') =>
    Math.max(...rows.map(({ largestError }) => largestError[sums] ?? Number.POSITIVE_INFINITY));
  const failures = [
    ...(beyond.length > 0 ? [`beyond its bounds at k = ${depths(beyond)}`] : []),
    ...(lost.length > 0 ? [`labels lost at k = ${depths(lost)}`] : []),
  ];
  return {
    holds: failures.length === 0,
    measured: [
      `k = ${depths(rows)}: width ${whole(first.width)} to ${whole(last.width)}, weights ${whole(first.weights)} to ${whole(last.weights)}`,
      `largest error ${short(worst('float64'))} in float64, ${short(worst('doubleDouble'))} in double-double sums, on ${first.evaluated === n ? 'all' : `${whole(first.evaluated)} of ${whole(n)}`} points`,
      ...failures,
    ].join('; '),
  };
}

const HALF_A_CLASS = 0.5;

const isNearest = (error: number | null) => error !== null && error < HALF_A_CLASS;

function verdictOf(limit: string | null, holds: boolean): Pick<Verdict, 'kind' | 'reason'> {
  if (limit !== null) return { kind: 'not judged at this scale', reason: limit };
  return holds
    ? { kind: 'reproduced', reason: 'It holds on this sample, and the theorem is about any.' }
    : { kind: 'off', reason: 'The construction fails, not the theorem, which is proved.' };
}

const depths = (rows: { k: number }[]) => rows.map(({ k }) => k).join(', ');

const whole = (value: number) => value.toLocaleString('en-US');

const short = (error: number | null) =>
  error === null ? 'not finite' : error === 0 ? '0' : error.toExponential(1);
