/** Verdicts for a terminal: a mark, the claim, what the paper says and what was seen. What all verdicts share is said
 *  once, at the end. */
import type { Verdict } from '../../activities/contract.ts';

const SHORT = 12; // a published number stands on the claim's own line
const CLAIM_WIDTH = 40;

export function verdictLines(verdicts: Verdict[]): string[] {
  const common = commonEnd(verdicts);
  const lines = verdicts.flatMap((verdict) => {
    const { claim, published, measured } = verdict;
    const end = common ? '' : ` [${endOf(verdict)}]`;
    return published.length <= SHORT
      ? [
          `${mark(verdict)} ${claim.padEnd(CLAIM_WIDTH)} paper ${published.padEnd(SHORT)} ours ${measured}${end}`,
        ]
      : [`${mark(verdict)} ${claim}`, `    paper  ${published}`, `    ours   ${measured}${end}`];
  });
  return [...lines, ...(common ? [`All ${verdicts.length}: ${common}`] : []), LEGEND];
}

const LEGEND =
  '✓ reproduced   ✗ contradicted   → points the paper’s way   ↛ points the other way   · neither';

function mark({ kind, agrees }: Verdict): string {
  if (kind === 'reproduced') return '✓';
  if (kind === 'contradicted') return '✗';
  return agrees === null ? '·' : agrees ? '→' : '↛';
}

const endOf = ({ kind, reason }: Verdict) => `${kind}: ${reason}`;

function commonEnd(verdicts: Verdict[]): string | null {
  const ends = new Set(verdicts.map(endOf));
  const [end] = ends;
  return ends.size === 1 && verdicts.length > 1 ? (end ?? null) : null;
}
