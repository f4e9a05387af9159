/** One entry of the ledger: a claim or a number of the paper, and who judges it. */
import type { ArtifactName } from '../../contract.ts';
import type { Claim } from '../claims.ts';

/** Figures, tables and theorems of the paper, those without a workflow yet among them. */
export type PaperArtifact = ArtifactName | 'table-2' | 'table-3' | 'theorem-1' | 'implicit-regularization';

/** The paper's four claims: A random labels are fitted, B explicit regularisation, C finite-sample expressivity,
 *  D implicit regularisation. */
export type PaperClaim = 'A' | 'B' | 'C' | 'D';

export interface LedgerRecord extends Claim {
  /** Whose workflow judges it. */
  artifact: PaperArtifact;
  /** The claim that it is evidence for, if any. */
  supports: PaperClaim | null;
  /** The number as the paper prints it, with its unit; null where the paper says it in words. */
  published: string | null;
}

export const recordIn = (records: LedgerRecord[], id: string): LedgerRecord =>
  records.find((record) => record.id === id)!;
