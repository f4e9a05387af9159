/** A run that was trained again, beside what the store has of it: the same bytes where library, device and threads are
 *  the same, else numbers within their spread. */
import type { Accuracy, Canary, Difference, DriftReport, Outcome } from '../contract.ts';
import { compareVersions, sameBits, type Versions } from './versions.ts';

type State = DriftReport['canaries'][number]['state'];

/** Two trainings whose last bits differ are as two seeds: their accuracies spread 1.7 times as far (sd 0.51 against 0.30
 *  points over ten small networks) as the images alone say, each of them. Three standard deviations: dozens of canaries
 *  a month may not ring once by chance. */
const TOLERATED = 3 * Math.SQRT2 * (0.51 / 0.3);

/** before, now: of the trainer that made the stored run, and of tonight's. */
export function judgeCanary(
  { title, stored, outcome, failure }: Canary,
  { before, now }: { before: Versions; now: Versions },
): { state: State; differences: Difference[] } {
  const difference = (was: string, is: string, reason: string): Difference => ({
    of: 'canary',
    what: title,
    before: was,
    now: is,
    alert: true,
    reason,
  });
  if (failure) {
    const reason = `It had ended after ${stored.steps} steps, and does not end now: ${failure.type}.`;
    return { state: 'failed', differences: [difference(accuraciesOf(stored), failure.message, reason)] };
  }
  if (!outcome) return { state: 'unfinished', differences: [] };
  if (outcome.weights.sha256 === stored.weights.sha256) return { state: 'same bytes', differences: [] };
  const texts = [weightsOf(stored), weightsOf(outcome)] as const;
  if (sameBits(before, now)) {
    const reason =
      'Library, device and threads are the same, so the bytes should be: the code computes something else.';
    return { state: 'moved', differences: [difference(...texts, reason)] };
  }
  const far = (['train', 'test'] as const).filter((split) => isFar(stored[split], outcome[split]));
  if (far.length === 0) return { state: 'within spread', differences: [] };
  const changed = compareVersions(before, now).map((one) => `${one.what} ${one.before} → ${one.now}`);
  const reason = `${far.join(' and ')} accuracy outside its spread, with ${changed.join(', ') || 'a device that does not repeat bits'}.`;
  return { state: 'moved', differences: [difference(...texts, reason)] };
}

function isFar(one: Accuracy, other: Accuracy): boolean {
  const share = (one.correct + other.correct) / (one.images + other.images);
  // A half image: an accuracy of 100 % has no deviation, and one image is no drift.
  const deviation = Math.sqrt((share * (1 - share)) / one.images) + 0.5 / one.images;
  return Math.abs(one.correct / one.images - other.correct / other.images) > TOLERATED * deviation;
}

const percent = ({ correct, images }: Accuracy) => `${((100 * correct) / images).toFixed(2)} %`;
const accuraciesOf = ({ train, test }: Outcome) => `train ${percent(train)}, test ${percent(test)}`;
const weightsOf = (outcome: Outcome) =>
  `${accuraciesOf(outcome)}, weights ${outcome.weights.sha256.slice(0, 12)}…`;
