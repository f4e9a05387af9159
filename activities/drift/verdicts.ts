/** Two sets of verdicts, only what differs: a verdict that flipped, a number outside its spread, a text that changed. */
import type { Difference, SeenArtifact, Verdict } from '../contract.ts';

/** Artifact by artifact. One that neither has, or that only one has without a failure, is no difference by itself: more
 *  was asked for, or less. */
export function compareArtifacts(before: SeenArtifact[], now: SeenArtifact[]): Difference[] {
  return now.flatMap((seen) => {
    const earlier = before.find(({ artifact }) => artifact === seen.artifact);
    const was = earlier?.failure ? earlier.failure.message : 'made';
    if (seen.failure) {
      if (was === seen.failure.message) return [];
      return [
        {
          of: 'artifact' as const,
          what: seen.artifact,
          before: earlier ? was : 'not seen before',
          now: seen.failure.message,
          alert: true,
          reason: `It could not be made: ${seen.failure.type}.`,
        },
      ];
    }
    const recovered: Difference[] = earlier?.failure
      ? [
          {
            of: 'artifact',
            what: seen.artifact,
            before: was,
            now: 'made',
            alert: false,
            reason: 'It can be made again.',
          },
        ]
      : [];
    return [...recovered, ...compareVerdicts(earlier?.verdicts ?? [], seen.verdicts)];
  });
}

/** Claims that both sets have. */
export function compareVerdicts(before: Verdict[], now: Verdict[]): Difference[] {
  const earlier = new Map(before.map((verdict) => [verdict.claim, verdict]));
  return now.flatMap((verdict) => {
    const was = earlier.get(verdict.claim);
    return was ? compareVerdict(was, verdict) : [];
  });
}

function compareVerdict(was: Verdict, is: Verdict): Difference[] {
  if (was.kind !== is.kind || was.agrees !== is.agrees) {
    return [
      {
        of: 'verdict',
        what: is.claim,
        before: `${words(was)}: ${was.measured || 'nothing seen'}`,
        now: `${words(is)}: ${is.measured || 'nothing seen'}`,
        alert: true,
        reason: is.reason,
      },
    ];
  }
  if (was.measured === is.measured) return [];
  const texts = { what: is.claim, before: was.measured, now: is.measured };
  if (!was.number || !is.number) {
    return [
      { of: 'text', ...texts, alert: false, reason: 'What was measured changed; its spread is not known.' },
    ];
  }
  const moved = Math.abs(is.number.value - was.number.value);
  const half = Math.max(was.number.half, is.number.half);
  if (moved <= half) return [];
  return [
    {
      of: 'number',
      ...texts,
      alert: true,
      reason: `It moved by ${moved.toFixed(2)}, and another draw lies within ${half.toFixed(2)} in 19 of 20 cases.`,
    },
  ];
}

function words({ kind, agrees }: Verdict): string {
  if (agrees === null) return kind;
  return `${kind}, points ${agrees ? 'the paper’s way' : 'the other way'}`;
}
