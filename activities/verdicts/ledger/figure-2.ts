/** What Figure 2b claims. */
import {
  BATCH_NORM_GAINS,
  EARLY_STOPPING_GAINS_NOTHING,
  GENERALISES_WITHOUT_BATCH_NORM,
} from '../batch-norm-claims.ts';
import type { LedgerRecord } from './record.ts';

const SHARED = { artifact: 'figure-2', supports: 'B', published: null } as const;

export const FIGURE_2_RECORDS: LedgerRecord[] = [
  { ...BATCH_NORM_GAINS, ...SHARED, published: '3–4 points' },
  { ...EARLY_STOPPING_GAINS_NOTHING, ...SHARED },
  { ...GENERALISES_WITHOUT_BATCH_NORM, ...SHARED },
];
