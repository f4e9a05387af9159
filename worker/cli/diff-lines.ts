/** What differs, for a terminal; `one → other` throughout. */
import type { ArtifactComparison } from '../../activities/comparison/artifacts.ts';
import type { RunComparison } from '../../activities/comparison/runs.ts';
import { type Difference, inWords } from '../../activities/comparison/settings.ts';
import { count } from './said.ts';

const ARRAYS_SHOWN = 5;

export function runLines(one: string, other: string, comparison: RunComparison): string[] {
  return [
    `run ${one} → run ${other}`,
    ...section('Settings', comparison.settings.map(inWords), 'the same: they are one and the same run'),
    ...section('Numbers', comparison.numbers.map(withDifference), 'the same'),
    ...section('Curve', curveLines(comparison), 'byte for byte the same'),
    ...section('Weights', weightLines(comparison), 'byte for byte the same'),
    ...section('Computed with', comparison.computedWith.map(inWords), 'the same'),
  ];
}

export function artifactLines(one: string, other: string, comparison: ArtifactComparison): string[] {
  const { settings, runs, verdicts, claims, files } = comparison;
  return [
    `${one} → ${other}`,
    ...section(
      'Verdicts',
      [
        ...verdicts.flatMap(({ what, before, now, alert, reason }) => [
          `${alert ? '! ' : ''}${what}: ${reason}`,
          `    ${before}`,
          `  → ${now}`,
        ]),
        ...claims.one.map((claim) => `only in the first: ${claim}`),
        ...claims.other.map((claim) => `only in the second: ${claim}`),
      ],
      'none, or none that differs',
    ),
    ...section('Settings', settings.map(inWords), 'the same'),
    ...section(
      'Runs',
      [
        ...runs.one.map((id) => `only in the first: ${id}`),
        ...runs.other.map((id) => `only in the second: ${id}`),
      ],
      'the same',
    ),
    ...section('Files', files, 'byte for byte the same'),
    ...section('Computed with', comparison.computedWith.map(inWords), 'the same'),
  ];
}

const section = (title: string, lines: string[], nothing: string) =>
  lines.length > 0 ? ['', title, ...lines.map((line) => `  ${line}`)] : ['', `${title}: ${nothing}.`];

function withDifference(difference: Difference): string {
  const { one, other } = difference;
  if (typeof one !== 'number' || typeof other !== 'number') return inWords(difference);
  const by = Number((other - one).toPrecision(4));
  return `${inWords(difference)} (${by > 0 ? '+' : ''}${by})`;
}

function curveLines({ curve }: RunComparison): string[] {
  if (!curve) return [];
  const [one, other] = curve.steps;
  const lengths = one === other ? [] : [`${count(one)} steps → ${count(other)} steps`];
  if (!curve.parts) return [...lengths, `equal over the first ${count(Math.min(one, other))} steps`];
  const { step, one: before, other: after } = curve.parts;
  return [
    ...lengths,
    `they part at step ${count(step)}: loss ${before} → ${after}`,
    `largest difference of the loss at a step that both have: ${curve.largestDifference.toPrecision(3)}`,
  ];
}

function weightLines({ weights }: RunComparison): string[] {
  if (!weights) return [];
  const { arrays, unlike } = weights;
  const apart = arrays.filter(({ largestDifference }) => largestDifference > 0);
  const equal = arrays.length - apart.length;
  return [
    ...apart
      .slice(0, ARRAYS_SHOWN)
      .map(
        ({ name, largestDifference, largestValue }) =>
          `${name}: largest difference ${largestDifference.toPrecision(3)}, largest value ${largestValue.toPrecision(3)}`,
      ),
    ...(apart.length > ARRAYS_SHOWN ? [`and ${apart.length - ARRAYS_SHOWN} more arrays differ less`] : []),
    ...(equal > 0 ? [`${equal} arrays are equal`] : []),
    ...(unlike.length > 0 ? [`in one alone, or of another shape: ${unlike.join(', ')}`] : []),
  ];
}
