/** The ledger with the verdicts of this report filled in. */
import type { Reproduction, Verdict, VerdictKind } from '../contract.ts';
import type { LedgerRecord, PaperArtifact } from '../verdicts/ledger/record.ts';
import { LEDGER } from '../verdicts/ledger.ts';

/** A record of the ledger, or of what was run beyond the paper (null); its verdict, if anybody judged it. */
export interface Entry {
  id: string;
  artifact: PaperArtifact;
  record: LedgerRecord | null;
  verdict: Verdict | null;
}

/** Every record once, in the ledger's order, then what it does not have. */
export function entriesOf(reproductions: Reproduction[]): Entry[] {
  const known = new Set(LEDGER.map(({ id }) => id));
  return [
    ...LEDGER.map((record) => ({
      id: record.id,
      artifact: record.artifact,
      record,
      verdict: verdictOf(record, reproductions),
    })),
    ...reproductions.flatMap(({ artifact, verdicts }) =>
      verdicts
        .filter(({ claim }) => !known.has(claim))
        .map((verdict) => ({ id: verdict.claim, artifact, record: null, verdict })),
    ),
  ];
}

/** Figure 1 passes through cells of Table 1: the artifact's own verdict goes first, one that saw something before one
 *  that did not. */
function verdictOf({ id, artifact }: LedgerRecord, reproductions: Reproduction[]): Verdict | null {
  const own = reproductions.filter((made) => made.artifact === artifact);
  const others = reproductions.filter((made) => made.artifact !== artifact);
  const verdicts = [...own, ...others].flatMap(({ verdicts }) =>
    verdicts.filter(({ claim }) => claim === id),
  );
  return verdicts.find(({ kind }) => kind !== 'not run') ?? verdicts[0] ?? null;
}

export const kindOf = ({ verdict }: Pick<Entry, 'verdict'>): VerdictKind => verdict?.kind ?? 'not run';

/** What the paper says, in words. */
export const saysOf = ({ record, verdict, id }: Entry): string => record?.says ?? verdict?.published ?? id;

/** What the paper says as a number, or null where it has none. */
export function publishedOf({ record, verdict }: Entry): string | null {
  if (record?.published) return record.published;
  return record && verdict && verdict.published !== record.says ? verdict.published : null;
}
