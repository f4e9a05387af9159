/** What Section 5 says of linear models and kernel interpolants, judged. What is true of any images is judged on any; the
 *  rest is about MNIST and CIFAR-10. */
import type { Interpolant, InterpolantName, LinearDescent, OfLinearModels, Verdict } from '../contract.ts';
import { decide, tooSmall } from './decide.ts';
import {
  CLOSE,
  IMPLICIT_REGULARIZATION_RECORDS,
  IN_SPAN,
  NEAR_CHANCE,
  NEAR_ONE,
  SAME_HESSIAN,
} from './ledger/implicit-regularization.ts';
import { type LedgerRecord, recordIn } from './ledger/record.ts';

export function judgeLinearModels(request: OfLinearModels, descent: LinearDescent): Verdict[] {
  const { signs } = request.machines;
  return [
    ofAnySample(request, 'least-norm', leastNorm(descent)),
    ofAnySample(request, 'hessian', hessian(descent)),
    generalise(request),
    doesNotPredict(request),
    doesNotGeneralise(request, 'random-centres', 'kernel-random-centres'),
    doesNotGeneralise(request, 'forced-labels', 'kernel-forced-labels'),
    ofAnySample(request, 'rademacher', {
      holds: signs.atLeast >= NEAR_ONE,
      measured: `${signs.estimate.toFixed(4)} over ${signs.accuracies.length} draws on ${whole(signs.points)} images; at least ${signs.atLeast.toFixed(3)}.`,
    }),
  ];
}

interface Finding {
  holds: boolean;
  measured: string;
}

const record = (name: string): LedgerRecord =>
  recordIn(IMPLICIT_REGULARIZATION_RECORDS, `implicit-regularization.${name}`);

const rowOf = ({ machines }: OfLinearModels, name: InterpolantName) =>
  machines.interpolants.find((row) => row.name === name) ?? null;

function ofAnySample({ profile }: OfLinearModels, name: string, { holds, measured }: Finding): Verdict {
  const claim = record(name);
  const limit = tooSmall(profile, claim);
  const own: Pick<Verdict, 'kind' | 'reason'> =
    limit !== null
      ? { kind: 'not judged at this scale', reason: limit }
      : holds
        ? { kind: 'reproduced', reason: 'It holds on these images, and would on any.' }
        : { kind: 'off', reason: 'It follows from linear algebra; the computation does not show it.' };
  return { claim: claim.id, published: claim.says, measured, agrees: holds, ...own };
}

function leastNorm({ n, looks }: LinearDescent): Finding {
  const last = looks.at(-1)!;
  const before = looks.at(-2) ?? last;
  const most = Math.max(...looks.flatMap(({ true: one, random }) => [one.offSpan, random.offSpan]));
  const close = (['true', 'random'] as const).every(
    (name) => last[name].distance <= CLOSE && last[name].distance < before[name].distance,
  );
  return {
    holds: close && most <= IN_SPAN && last.elsewhere.distance > CLOSE,
    measured:
      `After ${whole(last.step)} steps on ${whole(n)} images ${short(last.true.distance)} away with true labels, ` +
      `${short(last.random.distance)} with random ones, never more than ${short(most)} outside of the span; from ` +
      `elsewhere ${short(last.elsewhere.distance)} away, where the start’s own part stays.`,
  };
}

function hessian({ n, optima }: LinearDescent): Finding {
  const { ranks, dimensions, difference, alongTheLine } = optima;
  return {
    holds: ranks.every((rank) => rank === n) && n < dimensions && difference <= SAME_HESSIAN,
    measured: `Rank ${ranks.join(' and ')} of ${whole(dimensions)}; eigenvalues differ by ${short(difference)} of the largest at most; ${short(alongTheLine)} along the line between the optima.`,
  };
}

function generalise(request: OfLinearModels): Verdict {
  const [own, random] = [rowOf(request, 'kernel')!, rowOf(request, 'kernel-random-labels')!];
  return decided(request, record('interpolants-generalise'), {
    holds: own.train.errors === 0 && rate(random) - rate(own) > 4 * errorOfDifference(own, random),
    measured: `${percent(own)} of ${whole(own.test.images)} test images wrong, ${own.train.errors} of ${whole(own.train.images)} training images; ${percent(random)} on random labels.`,
  });
}

function doesNotPredict(request: OfLinearModels): Verdict {
  const [plain, gabor] = [rowOf(request, 'kernel')!, rowOf(request, 'kernel-gabor')];
  const claim = record('norm-does-not-predict');
  if (!gabor) return notRun(request, claim, 'wavelets, which are for MNIST');
  return decided(request, claim, {
    holds: gabor.norm > plain.norm && rate(plain) - rate(gabor) > 2 * errorOfDifference(plain, gabor),
    measured: `Norm ${plain.norm.toFixed(1)} and test error ${percent(plain)} on pixels, ${gabor.norm.toFixed(1)} and ${percent(gabor)} with wavelets.`,
  });
}

function doesNotGeneralise(request: OfLinearModels, name: string, interpolant: InterpolantName): Verdict {
  const [least, other] = [rowOf(request, 'kernel')!, rowOf(request, interpolant)!];
  return decided(request, record(name), {
    holds: other.train.errors === 0 && other.norm > least.norm && rate(other) >= NEAR_CHANCE,
    measured: `Norm ${other.norm.toPrecision(3)} against ${least.norm.toPrecision(3)}, test error ${percent(other)} against ${percent(least)}, ${other.train.errors} training errors.`,
  });
}

const decided = ({ profile, dataset }: OfLinearModels, claim: LedgerRecord, finding: Finding): Verdict =>
  decide({ profile, dataset, runs: [] }, claim, {
    measured: finding.measured,
    seeds: [finding.holds],
    missing: [],
    undecided: '',
    short: null,
  });

const notRun = ({ profile, dataset }: OfLinearModels, claim: LedgerRecord, missing: string): Verdict => ({
  ...decide({ profile, dataset, runs: [] }, claim, {
    measured: '–',
    seeds: [],
    missing: [missing],
    undecided: '',
    short: null,
  }),
  published: claim.published ?? claim.says,
});

const rate = ({ test }: Interpolant) => test.errors / test.images;

/** Of a difference of two proportions. */
const errorOfDifference = (one: Interpolant, other: Interpolant) =>
  Math.sqrt([one, other].reduce((sum, row) => sum + (rate(row) * (1 - rate(row))) / row.test.images, 0));

const percent = (row: Interpolant) => `${(100 * rate(row)).toFixed(2)} %`;

const whole = (value: number) => value.toLocaleString('en-US');

const short = (value: number) => (value === 0 ? '0' : value.toExponential(1));
