/** What a request would solve rather than train: kernel systems and the choices that they want, and the two parts of
 *  Section 5. Times are those that stored ones of the same size took; nothing is assumed of another size. */
import {
  type Activities,
  type ChoiceRequest,
  type DatasetRef,
  KernelChoice,
  type KernelSystem,
} from '../contract.ts';
import { contentId } from '../identity/identity.ts';
import { choiceId } from '../kernel/candidates.ts';
import { GABOR_BANKS } from '../kernel/gabor.ts';
import { sizeOf } from '../kernel/viewed-images.ts';
import { descentInputs, interpolantInputs } from '../linear/inputs.ts';
import { unlessDamaged } from '../store/damage.ts';
import { findSolved, kernelId } from '../store/kernels.ts';
import * as keys from '../store/keys.ts';
import type { Store } from '../store/store.ts';
import { median } from './pace.ts';
import { choiceShape, descentShape, interpolantsShape, type SolveTime, systemShape } from './solve-times.ts';

export interface PlannedSolve {
  title: string;
  stored: boolean;
  /** Null where nothing of this size was measured; for what is stored 0. */
  seconds: number | null;
  /** How many stored ones the time is the median of. */
  measures: number;
}

/** A row of Table 3. solving: what is solved once the choice is made. */
export interface RowRequests {
  choosing: ChoiceRequest;
  solving(choice: Pick<KernelChoice, 'chosen'>): { system: KernelSystem; l2: number[] };
}

const number = (count: number) => count.toLocaleString('en');

/** The choice, then its system with each λ. */
export async function planRow(
  store: Store,
  { name, row: { choosing, solving } }: { name: string; row: RowRequests },
  times: readonly SolveTime[],
): Promise<PlannedSolve[]> {
  const ref = await store.head(keys.kernelChoice(choiceId(choosing), 'choice.json'));
  const bytes = ref && (await unlessDamaged(() => store.get(ref)));
  const choice = bytes && KernelChoice.parse(JSON.parse(bytes.toString()));
  const { system, l2 } = solving(choice ?? { chosen: unmade(choosing) });
  const systems = l2.map(async (one) => {
    const solved = choice && (await unlessDamaged(() => findSolved(store, kernelId(system, one))));
    const λ =
      l2.length > 1
        ? choice || l2.length > 2
          ? `, λ ${one.toPrecision(1)}`
          : one > 0
            ? ', with l2'
            : ''
        : '';
    const title = `${name}: system of ${number(system.trainImages)} images${λ}`;
    return planned(title, solved !== null, timesLike(times, systemShape(system), one));
  });
  const title = `${name}: choice on ${number(choosing.images)} images`;
  return [
    planned(title, choice !== null, timesLike(times, choiceShape(choosing), null)),
    ...(await Promise.all(systems)),
  ];
}

/** As far as it decides how much is solved: photographs take no λ, the random net takes one. */
function unmade({ of }: ChoiceRequest): KernelChoice['chosen'] {
  const own = { name: '', errors: null };
  if (of.kind === 'random-filters') return { ...own, features: of, l2: 1 };
  const features =
    of.kind === 'gabor' ? { kind: of.kind, bank: GABOR_BANKS[0]!, gamma: 1 } : { kind: of.kind, gamma: 1 };
  return { ...own, features, l2: 0 };
}

type Asked<Name extends 'descendLinear' | 'fitInterpolants'> = Parameters<Activities[Name]>[0];

/** Section 5. */
export async function planParts(
  store: Store,
  parts: { descent: Asked<'descendLinear'>; interpolants: Asked<'fitInterpolants'> },
  dataset: DatasetRef,
  times: readonly SolveTime[],
): Promise<PlannedSolve[]> {
  const descent = descentInputs(dataset, sizeOf({ dataset: dataset.id, view: 'whole' }), parts.descent);
  const interpolants = interpolantInputs(dataset, parts.interpolants);
  const isThere = async (what: 'descent' | 'interpolants', inputs: object) =>
    (await store.head(keys.linear(what, contentId(inputs), 'ro-crate-metadata.json'))) !== null;
  return [
    planned(
      `SGD on a linear model of ${number(descent.points)} images`,
      await isThere('descent', descent),
      timesLike(times, descentShape(descent), null),
    ),
    planned(
      `kernel machines of ${number(interpolants.train)} images`,
      await isThere('interpolants', interpolants),
      timesLike(times, interpolantsShape(interpolants), null),
    ),
  ];
}

/** Of the same λ where there are such, since a larger one is solved in fewer iterations. */
function timesLike(times: readonly SolveTime[], shape: string, l2: number | null): number[] {
  const alike = times.filter((time) => time.shape === shape);
  const same = alike.filter((time) => time.l2 === l2);
  return (same.length > 0 ? same : alike).map(({ seconds }) => seconds);
}

const planned = (title: string, stored: boolean, measured: number[]): PlannedSolve => ({
  title,
  stored,
  seconds: stored ? 0 : measured.length > 0 ? median(measured) : null,
  measures: measured.length,
});
