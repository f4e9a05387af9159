/** What Figure 1 claims, for the models that it shows. */
import {
  ALL_FITTED,
  type Claim,
  chanceOnRandomLabels,
  errorRises,
  FIGURE_1_MODELS,
  NOISE_BEFORE_RANDOM_LABELS,
  noTrainingError,
  SHUFFLED_PIXELS_CLOSE,
  smallFactor,
  TRUE_LABELS_FIRST,
} from '../claims.ts';
import type { LedgerRecord } from './record.ts';

const CLAIMS: Claim[] = [
  ALL_FITTED,
  TRUE_LABELS_FIRST,
  NOISE_BEFORE_RANDOM_LABELS,
  SHUFFLED_PIXELS_CLOSE,
  ...[smallFactor, errorRises, chanceOnRandomLabels, noTrainingError].flatMap((claimOf) =>
    FIGURE_1_MODELS.map(claimOf),
  ),
];

export const FIGURE_1_RECORDS = CLAIMS.map(
  (claim): LedgerRecord => ({ ...claim, artifact: 'figure-1', supports: 'A', published: null }),
);
