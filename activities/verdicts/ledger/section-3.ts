/** What Section 3 reads off Table 1, as records of the ledger. */
import { SECTION_3_CLAIMS } from '../section-3.ts';
import type { LedgerRecord } from './record.ts';

export const SECTION_3_RECORDS: LedgerRecord[] = SECTION_3_CLAIMS.map((claim) => ({
  ...claim,
  artifact: 'table-1',
  supports: 'B',
  published: null,
}));
