/** Ids of trajectories and runs: hashes of canonical JSON without defaulted fields, so that a new field with a
 *  default orphans nothing (a golden test holds the ids). */
import { type DatasetId, type PlannedRun, type Run, Trajectory, type UnboundRun } from '../contract.ts';
import { Failure } from '../failure/failure.ts';
import { contentId } from './identity.ts';

/** Fields that say nothing at these values. A field that is added later gets its default here. */
export const DEFAULTS = {
  trainImages: null,
  testImages: null,
  labels: 0,
  pixels: 'intact',
  weightDecay: 0,
  precision: 'float32',
  crop: false,
  flip: false,
  rotate: false,
  decayed: 'kernels',
  dropout: 0,
  patience: null,
  when: null,
} as const;

/** Fails with InvalidInput for a run that an older version planned: what this one computes has other numbers. */
export function expectOwnRecipe({ recipe }: { recipe: number }): void {
  const { value: ours } = Trajectory.shape.recipe;
  if (recipe === ours) return;
  throw new Failure(
    'InvalidInput',
    `This training was planned with recipe ${recipe}, and this version of the code computes recipe ${ours}, whose numbers differ: start it anew, or finish it with the version that began it.`,
  );
}

/** Binds a run to its data set and names it. */
export function planRun(dataset: DatasetId, unbound: UnboundRun): PlannedRun {
  const run: Run = { ...unbound, trajectory: { ...unbound.trajectory, dataset } };
  const trajectoryId = trajectoryIdOf(run.trajectory);
  const id = contentId({ trajectory: trajectoryId, stop: withoutDefaults(run.stop) });
  return { id, trajectoryId, run };
}

/** The trajectory whose numbers these are: of a salted one, the one that it repeats. What is computed names this one, so
 *  that a canary's weights can have the same bytes. */
export const unsaltedId = ({ salt: _, ...trajectory }: Trajectory): string => trajectoryIdOf(trajectory);

const trajectoryIdOf = (trajectory: Trajectory) => contentId(withoutDefaults(trajectory));

/** What is left out is off: two values that mean the same have the same fields. */
export function withoutDefaults(value: object): object {
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, field]) => [
        name,
        typeof field === 'object' && field !== null && !Array.isArray(field) ? withoutDefaults(field) : field,
      ])
      .filter(([name, field]) => !(name in DEFAULTS && DEFAULTS[name as keyof typeof DEFAULTS] === field))
      .filter(([, field]) => !isEmpty(field)),
  );
}

/** A group of fields that are all at their defaults. */
const isEmpty = (field: unknown) =>
  typeof field === 'object' && field !== null && Object.keys(field).length === 0;
