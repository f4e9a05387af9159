/** What a report is made of. */
import type { Failed, ObjectRef, Reproduction } from '../contract.ts';

/** At most one an artifact; those that are left out are shown as not run. */
export type Made = (Reproduction | Failed)[];

/** Bytes of the store by key, as far as the report reads them. */
export type Contents = ReadonlyMap<string, Buffer>;

/** A CSV up to this size travels in the page; a longer one is linked alone. */
const EMBEDDED_BYTES = 100_000;

export const isReproduction = (one: Reproduction | Failed): one is Reproduction => !('failure' in one);

/** All objects that the page is made from. */
export function readBy(made: Made): ObjectRef[] {
  return made
    .filter(isReproduction)
    .flatMap(({ figures, tables, verdictsJson }) => [
      verdictsJson,
      ...figures.flatMap(({ png, csv, provenance }) => [png, ...ifSmall(csv), provenance]),
      ...tables.flatMap(({ markdown, csv, provenance }) => [markdown, ...ifSmall(csv), provenance]),
    ]);
}

const ifSmall = (csv: ObjectRef) => (csv.bytes <= EMBEDDED_BYTES ? [csv] : []);
