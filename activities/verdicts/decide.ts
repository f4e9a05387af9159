/** From what was seen to a verdict: which words may be used when. */
import type {
  DatasetId,
  DatasetRef,
  DatasetSummary,
  FigureRun,
  Profile,
  TrainedRun,
  Verdict,
} from '../contract.ts';
import { type Claim, SEEDS } from './claims.ts';
import { whole } from './runs.ts';

/** panels: those that were asked for, of a figure that has some. */
export interface JudgedRequest<
  Run extends TrainedRun = FigureRun,
  Dataset extends DatasetSummary = DatasetRef,
> {
  profile: Profile;
  dataset: Dataset;
  runs: Run[];
  panels?: ('a' | 'b' | 'c')[];
}

/** What runs say about a claim. */
export interface Finding {
  measured: string;
  /** Seed by seed: whether it points the paper's way; null where it cannot be told. */
  seeds: (boolean | null)[];
  /** What the claim is about and was not run, or did not end. */
  missing: string[];
  /** Why a seed can leave it open (null above). */
  undecided: string;
  /** Why agreement of every single seed is not enough yet. */
  short: string | null;
}

/** Section 2.1; Appendix A. */
const PAPER_IMAGES: Partial<Record<DatasetId['name'], { train: number; test: number }>> = {
  cifar10: { train: 50_000, test: 10_000 },
  mnist: { train: 60_000, test: 10_000 },
  imagenet: { train: 1_281_167, test: 50_000 },
};

/** Why no verdict on the paper may be given, or null. */
export function limitOf(
  { profile, dataset, runs }: JudgedRequest<TrainedRun, DatasetSummary>,
  claim: Claim,
): string | null {
  const { train, test } = { train: dataset.train.count, test: dataset.test.count };
  const paper = PAPER_IMAGES[dataset.id.name];
  if (!paper) return `${dataset.title} is not the paper's data set.`;
  const small = tooSmall(profile, claim);
  if (small !== null) return small;
  if (dataset.form === 'folders-jpeg') return 'JPEG is lossy: these are not quite the published images.';
  const other = runs.map(({ planned }) => planned.run.trajectory.precision).find((one) => one !== 'float32');
  if (other) return `Computed in ${other}, and the paper's numbers are float32's.`;
  if (train !== paper.train || test !== paper.test) {
    const counts = (images: { train: number; test: number }) =>
      `${whole(images.train)} + ${whole(images.test)}`;
    return `The paper has ${counts(paper)} images, this data set ${counts({ train, test })}.`;
  }
  return null;
}

/** All that limits a claim about any sample, which no data set is wrong for. */
export function tooSmall(profile: Profile, { judgedAt }: Pick<Claim, 'judgedAt'>): string | null {
  return judgedAt.includes(profile)
    ? null
    : `The ${profile} profile is too small to show it; the ${judgedAt.join(' or ')} profile can.`;
}

/** The verdicts that every record shares, claim or number; null where its own rule decides. */
export function withoutVerdict(
  request: JudgedRequest<TrainedRun, DatasetSummary>,
  claim: Claim,
  seen: number,
  missing: string[],
): Pick<Verdict, 'kind' | 'reason'> | null {
  if (seen === 0 && claim.panel && !request.panels?.includes(claim.panel)) {
    return { kind: 'not run', reason: `Panel ${claim.panel} was not asked for.` };
  }
  if (seen === 0) return { kind: 'not run', reason: `Missing: ${missing.join('; ')}.` };
  const limit = limitOf(request, claim);
  if (limit !== null) return { kind: 'not judged at this scale', reason: limit };
  if (missing.length > 0) return { kind: 'not run', reason: `Missing: ${missing.join('; ')}.` };
  return null;
}

export function decide(
  request: JudgedRequest<TrainedRun, DatasetSummary>,
  claim: Claim,
  finding: Finding,
): Verdict {
  const { seeds, missing } = finding;
  return {
    claim: claim.id,
    published: claim.says,
    measured: finding.measured,
    agrees: agreement(finding),
    ...(withoutVerdict(request, claim, seeds.length, missing) ?? verdictOf(claim, finding)),
  };
}

/** Part of what a claim is about can speak against it, and only all of it for it. */
function agreement({ seeds, missing }: Finding): boolean | null {
  if (seeds.includes(false)) return false;
  return seeds.length === 0 || seeds.includes(null) || missing.length > 0 ? null : true;
}

function verdictOf(claim: Claim, { seeds, undecided, short }: Finding): Pick<Verdict, 'kind' | 'reason'> {
  const against = seeds.filter((seed) => seed === false).length;
  const count = `${seeds.length} ${seeds.length === 1 ? 'seed' : 'seeds'}`;
  if (against === 0) {
    if (seeds.includes(null)) return open(undecided);
    if (seeds.length < claim.seeds) return open(`It holds in ${count}; ${claim.seeds} are needed.`);
    return short === null ? { kind: 'reproduced', reason: `It holds in ${count}.` } : open(short);
  }
  const opposed = `${against} of ${count} point the other way`;
  if (seeds.length < SEEDS) return open(`${opposed}; ${SEEDS} are needed.`);
  if (against < seeds.length)
    return { kind: 'depends on an open choice', reason: `${opposed}: the seed decides.` };
  if (claim.openChoices.length > 0) {
    return {
      kind: 'depends on an open choice',
      reason: `${opposed}; open in the paper: ${claim.openChoices.join(', ')}.`,
    };
  }
  return { kind: 'contradicted', reason: `${opposed}, at the paper's scale and recipe.` };
}

const open = (reason: string): Pick<Verdict, 'kind' | 'reason'> => ({
  kind: 'not judged at this scale',
  reason,
});
