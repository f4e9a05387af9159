/** Theorem 1, Lemma 1 and Corollary 1 (claim C), checked by construction. */
import { ANY_LABELLING, COROLLARY_1, LEMMA_1 } from '../theorem-1.ts';
import type { LedgerRecord } from './record.ts';

const SHARED = { artifact: 'theorem-1', supports: 'C', published: null } as const;

export const THEOREM_1_RECORDS: LedgerRecord[] = [ANY_LABELLING, LEMMA_1, COROLLARY_1].map((claim) => ({
  ...claim,
  ...SHARED,
}));
