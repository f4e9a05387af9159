/** What Figure 2b claims, judged from its runs. */
import type { ModelName, TrainedRun, Verdict } from '../contract.ts';
import {
  BATCH_NORM_GAINS,
  EARLY_STOPPING_GAINS_NOTHING,
  FIGURE_2B_MODELS,
  GAIN_MARGIN,
  GENERALISES_WITHOUT_BATCH_NORM,
  KEPT,
  WITH,
  WITHOUT,
} from './batch-norm-claims.ts';
import { decide, type Finding, type JudgedRequest, withoutVerdict } from './decide.ts';
import { compareDifferences, signed } from './difference.ts';
import { type Gain, gainOf, type Look, percentOf } from './early-stopping.ts';
import { unlessRegularized } from './regularizers.ts';
import { isDiverged, isSeen, seedOf, seedsOf, whyUnseen } from './runs.ts';

const WORDS = { inception: 'with batch norm', 'inception-without-batch-norm': 'without' } as const;

type Request = JudgedRequest<TrainedRun>;

/** looks: by run id, of the runs that ended. */
export function judgeFigure2(request: Request, looks: ReadonlyMap<string, Look[]>): Verdict[] {
  return unlessRegularized(request.runs, [
    judgeDifference(request),
    decide(request, EARLY_STOPPING_GAINS_NOTHING, gains(request, looks)),
    decide(request, GENERALISES_WITHOUT_BATCH_NORM, kept(request)),
  ]);
}

const ofModel = (runs: TrainedRun[], name: ModelName) =>
  runs.filter(({ planned }) => planned.run.trajectory.model === name);

const missingOf = (runs: TrainedRun[]): string[] =>
  runs.filter((run) => !isSeen(run)).map((run) => whyUnseen(run.planned.run.trajectory.model, run));

/** Test accuracies at the end in per cent, [with, without] batch norm; null: diverged. A seed of which a training is
 *  missing is left out. */
function pairs(runs: TrainedRun[]): (number | null)[][] {
  return seedsOf(runs).flatMap((seed) => {
    const own = FIGURE_2B_MODELS.flatMap((model) =>
      ofModel(runs, model).filter((run) => seedOf(run) === seed && isSeen(run)),
    );
    return own.length === 2 ? [own.map(({ outcome }) => outcome && percentOf(outcome.test))] : [];
  });
}

function judgeDifference(request: Request): Verdict {
  const all = pairs(request.runs);
  const differences = all.flatMap(([one, other]) => (one === null || other === null ? [] : [one - other]));
  const diverged = all.length - differences.length;
  const published = WITH - WITHOUT;
  const claim = BATCH_NORM_GAINS;
  const { agrees, ...own } =
    diverged > 0
      ? {
          kind: 'depends on an open choice' as const,
          agrees: false,
          reason: `${diverged} of ${all.length} seeds diverged; open in the paper: ${claim.openChoices.join(', ')}.`,
        }
      : compareDifferences(differences, published);
  return {
    claim: claim.id,
    published: `${published.toFixed(2)} points (${WITH.toFixed(2)} − ${WITHOUT.toFixed(2)} %, Table 1)`,
    measured: differenceText(differences, diverged),
    agrees,
    ...(withoutVerdict(request, claim, all.length, missingOf(request.runs)) ?? own),
  };
}

function differenceText(differences: number[], diverged: number): string {
  const texts = [
    ...(differences.length > 0 ? [`${differences.map(signed).join(', ')} points, seed by seed`] : []),
    ...(diverged > 0 ? [`a training of ${diverged} ${diverged === 1 ? 'seed' : 'seeds'} diverged`] : []),
  ];
  return texts.length > 0 ? `${texts.join('; ')}.` : '';
}

function gains({ runs }: Request, looks: ReadonlyMap<string, Look[]>): Finding {
  const found = runs.flatMap((run) => {
    const own = looks.get(run.planned.id);
    return own ? [{ run, gain: gainOf(own) }] : [];
  });
  const texts = FIGURE_2B_MODELS.flatMap((model) => {
    const own = found.filter(({ run }) => run.planned.run.trajectory.model === model);
    return own.length > 0 ? [`${WORDS[model]} ${own.map(({ gain }) => gainText(gain)).join(', ')}`] : [];
  });
  return {
    measured: texts.length > 0 ? `${texts.join('; ')}.` : '',
    seeds: seedsOf(runs.filter(isSeen)).map((seed) => {
      const own = found.filter(({ run }) => seedOf(run) === seed);
      const nothing = own.map(({ gain }) => gainsNothing(gain));
      if (nothing.includes(false)) return false;
      const diverged = runs.some((run) => seedOf(run) === seed && isDiverged(run));
      return diverged || nothing.includes(null) ? null : true;
    }),
    missing: missingOf(runs),
    undecided: 'A training diverged, or a gain above the margin is within the noise of a look.',
    short: null,
  };
}

/** null: above the margin, but by no more than the noise of the looks at so few images. */
function gainsNothing({ points, error }: Gain): boolean | null {
  if (points <= GAIN_MARGIN) return true;
  return points > GAIN_MARGIN + 2 * error ? false : null;
}

const gainText = ({ points, looks, images, error }: Gain) =>
  `${points.toFixed(2)} points (best of ${looks} looks at ${images.toLocaleString('en-US')} images; standard error of one ${error.toFixed(2)})`;

function kept({ runs, dataset }: Request): Finding {
  const chance = 100 / dataset.classes.length;
  const shares = pairs(runs).map(([one, other]) =>
    one === null ? null : ((other ?? chance) - chance) / (one - chance),
  );
  const texts = FIGURE_2B_MODELS.map((model) => {
    const ends = ofModel(runs, model).map((run) =>
      run.outcome ? `${percentOf(run.outcome.test).toFixed(2)} %` : isDiverged(run) ? 'diverged' : 'missing',
    );
    return `${WORDS[model]} ${ends.join(', ')}`;
  });
  const known = shares.flatMap((share) => share ?? []);
  return {
    measured:
      shares.length > 0
        ? `${texts.join('; ')}: keeps ${known.map((share) => share.toFixed(2)).join(', ') || 'nothing that can be told'}.`
        : '',
    seeds: shares.map((share) => (share === null ? null : share >= KEPT)),
    missing: missingOf(runs),
    undecided: 'With batch norm a training diverged.',
    short: null,
  };
}
