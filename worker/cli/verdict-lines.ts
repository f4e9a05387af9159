/** Verdicts for a terminal: a mark, the claim, what the paper says and what was seen; why it is judged so, in
 *  notes at the end. */
import type { Verdict } from '../../activities/contract.ts';

const SHORT = 12; // a published number stands on the claim's own line
const CLAIM_WIDTH = 54;

export function verdictLines(verdicts: Verdict[]): string[] {
  const ends = [...new Set(verdicts.map(endOf))];
  const lines = verdicts.flatMap((verdict) => {
    const { claim, published, measured } = verdict;
    const note = `[${ends.indexOf(endOf(verdict)) + 1}]`;
    return published.length <= SHORT
      ? [
          `${mark(verdict)} ${claim.padEnd(CLAIM_WIDTH)} paper ${published.padEnd(SHORT)} ours ${measured} ${note}`,
        ]
      : [`${mark(verdict)} ${claim} ${note}`, `    paper  ${published}`, `    ours   ${measured || '–'}`];
  });
  return [...lines, ...ends.map((end, index) => `[${index + 1}] ${end}`), LEGEND];
}

const LEGEND =
  '✓ reproduced   ✗ contradicted   → points the paper’s way   ↛ points the other way   · neither';

function mark({ kind, agrees }: Verdict): string {
  if (kind === 'reproduced') return '✓';
  if (kind === 'contradicted') return '✗';
  return agrees === null ? '·' : agrees ? '→' : '↛';
}

const endOf = ({ kind, reason }: Verdict) => `${kind}: ${reason}`;
