/** Two requests field by field: what a person reads of two ids that are not the same. */
import { DEFAULTS, withoutDefaults } from '../identity/run-id.ts';

/** A field by its path, such as `corruption.labels`; null where a side has it at its default or not at all. */
export interface Difference {
  field: string;
  one: unknown;
  other: unknown;
}

/** The leaves at which two values differ, in the order of their first appearance. Lists are leaves. */
export function differencesOf(one: object, other: object): Difference[] {
  const [here, there] = [leavesOf(withoutDefaults(one)), leavesOf(withoutDefaults(other))];
  return [...new Set([...here.keys(), ...there.keys()])].flatMap((field) => {
    const [mine, theirs] = [here.get(field) ?? null, there.get(field) ?? null];
    return JSON.stringify(mine) === JSON.stringify(theirs) ? [] : [{ field, one: mine, other: theirs }];
  });
}

function leavesOf(value: object, path = ''): Map<string, unknown> {
  return new Map(
    Object.entries(value).flatMap(([name, field]): [string, unknown][] =>
      typeof field === 'object' && field !== null && !Array.isArray(field)
        ? [...leavesOf(field, `${path}${name}.`)]
        : [[`${path}${name}`, field]],
    ),
  );
}

const DIGEST = /^[0-9a-f]{64}$/;

/** `corruption.labels 0.5 → 1` */
export const inWords = ({ field, one, other }: Difference) =>
  `${field} ${said(one, field)} → ${said(other, field)}`;

/** Long digests are cut; what stands at its default reads as what that means. */
export function said(value: unknown, field: string): string {
  if (value === null) return defaultOf(field);
  if (typeof value === 'number') return String(Number(value.toPrecision(7)));
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return DIGEST.test(text) ? `${text.slice(0, 12)}…` : text;
}

function defaultOf(field: string): string {
  const name = field.slice(field.lastIndexOf('.') + 1);
  const value = Object.entries(DEFAULTS).find(([known]) => known === name)?.[1] ?? null;
  return value === null ? (name.endsWith('Images') ? 'all' : 'none') : String(value);
}
