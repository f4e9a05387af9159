/** What Section 3 reads off Table 1: explicit regularisers help by a few points, and networks generalise without them
 *  (claim B); training errors are zero in every row. All margins were set before any run was looked at. */
import type { Cifar10Model, DatasetSummary, TableRun, Verdict } from '../contract.ts';
import { type Claim, SEEDS } from './claims.ts';
import { decide, type Finding, type JudgedRequest } from './decide.ts';
import { signed } from './difference.ts';
import { percentOf } from './early-stopping.ts';
import { TABLE_1_ROWS, type Table1Row } from './ledger/table-1.ts';
import { isDiverged, isSeen, seedOf, seedsOf, whole, whyUnseen } from './runs.ts';

type Request = JudgedRequest<TableRun, DatasetSummary>;

/** Of what the best regularised row of a network has above guessing. Table 1's cells keep from 0.93 (AlexNet:
 *  (76.07 − 10) / (81.22 − 10)) to 1.00; twice the largest loss is still a small part. */
export const KEPT_WITHOUT_REGULARIZERS = 0.85;

const SHARED = { where: 'Section 3, Table 1', judgedAt: ['paper'], seeds: SEEDS } satisfies Partial<Claim>;

export const generalisesWithout = (model: Cifar10Model): Claim => ({
  ...SHARED,
  id: `table-1.generalises-without-regularisers.${model}`,
  says: `Without random crops and weight decay ${model} still generalises.`,
  measure: 'Test accuracy above guessing, over that of its best regularised row, seed by seed.',
  tolerance: `At least ${KEPT_WITHOUT_REGULARIZERS}: Table 1's cells keep 0.93 to 1.00.`,
  openChoices: ['weight-decay coefficient', 'how crops are drawn', 'number of epochs'],
});

type Regularizer = 'crop' | 'weightDecay';
const WORDS: Record<Regularizer, string> = { crop: 'random crops', weightDecay: 'weight decay' };

export const helps = (model: Cifar10Model, regularizer: Regularizer): Claim => ({
  ...SHARED,
  id: `table-1.${regularizer === 'crop' ? 'crop' : 'weight-decay'}-helps.${model}`,
  says: `Alone, ${WORDS[regularizer]} raise${regularizer === 'crop' ? '' : 's'} the test accuracy of ${model}.`,
  measure: 'Test accuracy at the end, with it alone less that without any, seed by seed.',
  tolerance: `Above 0 in every seed, and every seed with it above every seed without; ${SEEDS} seeds, else order is chance.`,
  openChoices: [
    regularizer === 'crop' ? 'how crops are drawn' : 'weight-decay coefficient',
    'number of epochs',
  ],
});

export const NO_TRAINING_ERROR: Claim = {
  ...SHARED,
  id: 'table-1.no-training-error',
  where: 'Section 3; Table 1 prints less than 100 % in six of its rows',
  says: 'Training errors are always zero.',
  measure: 'Training errors at the end, in every row that was run.',
  tolerance: 'None.',
  seeds: 1,
  openChoices: ['batch size', 'number of epochs'],
};

const MODELS = [...new Set(TABLE_1_ROWS.map(({ model }) => model))];
const REGULARIZERS = ['crop', 'weightDecay'] as const;

export const SECTION_3_CLAIMS: Claim[] = [
  ...MODELS.map(generalisesWithout),
  ...MODELS.flatMap((model) =>
    REGULARIZERS.filter((regularizer) => isClaimed(model, regularizer)).map((regularizer) =>
      helps(model, regularizer),
    ),
  ),
  NO_TRAINING_ERROR,
];

/** The rows that each claim is about decide whether it was asked for. */
export function judgeSection3(request: Request): Verdict[] {
  const models = MODELS.filter((model) =>
    request.runs.some(({ planned }) => planned.run.trajectory.model === model),
  );
  return [
    ...models.map((model) => decide(request, generalisesWithout(model), kept(request, model))),
    ...models.flatMap((model) =>
      REGULARIZERS.filter((regularizer) => isClaimed(model, regularizer)).map((regularizer) =>
        decide(request, helps(model, regularizer), raised(request, model, regularizer)),
      ),
    ),
    decide(request, NO_TRAINING_ERROR, errors(request)),
  ];
}

/** Where the paper's own cells say so: weight decay lowers MLP 1x512 from 50.51 to 50.39. */
function isClaimed(model: Cifar10Model, regularizer: Regularizer): boolean {
  const [one, plain] = [alone(model, regularizer), alone(model, null)];
  return one !== undefined && plain !== undefined && Number(one.test) > Number(plain.test);
}

function trueRows(model: Cifar10Model): Table1Row[] {
  return TABLE_1_ROWS.filter((row) => row.model === model && row.labels === 'true');
}

function alone(model: Cifar10Model, regularizer: Regularizer | null): Table1Row | undefined {
  return trueRows(model).find(
    ({ crop, weightDecay }) =>
      crop === (regularizer === 'crop') && weightDecay === (regularizer === 'weightDecay'),
  );
}

const runOf = (runs: TableRun[], row: Table1Row | undefined, seed: number) =>
  runs.find((run) => run.row === row?.id && seedOf(run) === seed && isSeen(run));

const testOf = (run: TableRun) => run.outcome && percentOf(run.outcome.test);

const missingOf = (runs: TableRun[]) =>
  runs.filter((run) => !isSeen(run)).map((run) => whyUnseen(run.row, run));

const DIVERGED = 'A training that it is compared with diverged.';

function kept({ runs }: Request, model: Cifar10Model): Finding {
  const about = runs.filter((run) => trueRows(model).some(({ id }) => id === run.row));
  const guessing = 10; // of ten classes, in per cent
  const shares = seedsOf(about.filter(isSeen)).flatMap((seed) => {
    const plain = runOf(about, alone(model, null), seed);
    const others = trueRows(model)
      .filter(({ crop, weightDecay }) => crop || weightDecay)
      .flatMap((row) => runOf(about, row, seed) ?? []);
    if (!plain || others.length === 0) return [];
    const best = Math.max(...others.map((run) => testOf(run) ?? guessing));
    return [best <= guessing ? null : ((testOf(plain) ?? guessing) - guessing) / (best - guessing)];
  });
  const known = shares.flatMap((share) => share ?? []);
  return {
    measured:
      known.length > 0 ? `Keeps ${known.map((share) => share.toFixed(2)).join(', ')}, seed by seed.` : '',
    seeds: shares.map((share) => (share === null ? null : share >= KEPT_WITHOUT_REGULARIZERS)),
    missing: missingOf(about),
    undecided: 'No regularised row is above guessing.',
    short: null,
  };
}

function raised({ runs }: Request, model: Cifar10Model, regularizer: Regularizer): Finding {
  const rows = [alone(model, regularizer), alone(model, null)];
  const about = runs.filter((run) => rows.some((row) => row?.id === run.row));
  const pairs = seedsOf(about.filter(isSeen)).flatMap((seed) => {
    const [one, plain] = rows.map((row) => runOf(about, row, seed));
    return one && plain ? [{ one: testOf(one), plain: testOf(plain) }] : [];
  });
  const gains = pairs.map(({ one, plain }) => (one === null || plain === null ? null : one - plain));
  const known = gains.flatMap((gain) => gain ?? []);
  const apart = pairs.every(({ one }) => pairs.every(({ plain }) => (one ?? 0) > (plain ?? 0)));
  return {
    measured: known.length > 0 ? `${known.map(signed).join(', ')} points, seed by seed.` : '',
    seeds: gains.map((gain) => (gain === null ? null : gain > 0)),
    missing: missingOf(about),
    undecided: DIVERGED,
    short: apart ? null : 'It holds within each seed, but seeds with and without it overlap.',
  };
}

function errors({ runs }: Request): Finding {
  const wrong = (run: TableRun) => run.outcome && run.outcome.train.images - run.outcome.train.correct;
  const texts = TABLE_1_ROWS.flatMap(({ id }) => {
    const own = runs.filter((run) => run.row === id && isSeen(run));
    const counts = own.map((run) => (isDiverged(run) ? 'diverged' : whole(wrong(run) ?? 0)));
    return counts.some((text) => text !== '0') ? [`${id}: ${counts.join(', ')}`] : [];
  });
  const seeds = seedsOf(runs.filter(isSeen)).map((seed) =>
    runs.filter((run) => seedOf(run) === seed && isSeen(run)).every((run) => wrong(run) === 0),
  );
  const rows = new Set(runs.filter(isSeen).map(({ row }) => row)).size;
  return {
    measured:
      seeds.length === 0
        ? ''
        : texts.length === 0
          ? `No errors in ${rows} rows.`
          : `Errors in ${texts.length} of ${rows} rows, seed by seed: ${texts.join('; ')}.`,
    seeds,
    missing: missingOf(runs),
    undecided: '',
    short: null,
  };
}
