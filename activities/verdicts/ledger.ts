/** The claims ledger: every published number and every claim of the paper, once, in the paper's order; those that no
 *  workflow judges yet among them, so that what was not run shows. Pure data. */
import { PAPER_ARTIFACTS } from './ledger/artifacts.ts';
import { FIGURE_1_RECORDS } from './ledger/figure-1.ts';
import { FIGURE_2_RECORDS } from './ledger/figure-2.ts';
import { FIGURE_3_RECORDS } from './ledger/figure-3.ts';
import { IMPLICIT_REGULARIZATION_RECORDS } from './ledger/implicit-regularization.ts';
import type { LedgerRecord } from './ledger/record.ts';
import { SECTION_3_RECORDS } from './ledger/section-3.ts';
import { TABLE_1_CELLS } from './ledger/table-1.ts';
import { TABLE_2_RECORDS } from './ledger/table-2.ts';
import { TABLE_3_RECORDS } from './ledger/table-3.ts';
import { TABLE_4_RECORDS } from './ledger/table-4.ts';
import { THEOREM_1_RECORDS } from './ledger/theorem-1.ts';

const RECORDS: LedgerRecord[] = [
  ...FIGURE_1_RECORDS,
  ...FIGURE_2_RECORDS,
  ...FIGURE_3_RECORDS,
  ...TABLE_1_CELLS,
  ...SECTION_3_RECORDS,
  ...TABLE_2_RECORDS,
  ...TABLE_3_RECORDS,
  ...TABLE_4_RECORDS,
  ...THEOREM_1_RECORDS,
  ...IMPLICIT_REGULARIZATION_RECORDS,
];

/** In the order of `PAPER_ARTIFACTS`. */
export const LEDGER: LedgerRecord[] = PAPER_ARTIFACTS.flatMap(({ artifact }) =>
  RECORDS.filter((record) => record.artifact === artifact),
);
