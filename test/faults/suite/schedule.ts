/** Which faults come in which order: decided by the seed alone. When one strikes depends on the machine too, since it
 *  waits for what it is meant for. */
import { permutation, stream } from '../../../activities/random/stream.ts';
import type { Kind } from './kinds.ts';

export interface Fault {
  kind: Kind;
  /** Work that goes on before it strikes. */
  gapMs: number;
  /** It does not wait until work has gone on after the fault before. */
  atOnce: boolean;
  /** How long what lasts lasts: some are noticed by a missed heartbeat, some end before. */
  lastsMs: number;
  /** In [0, 1): how slow, after how many bytes, which object, which bit. */
  dose: number;
}

const LONGEST_GAP_MS = 3_000;
const AT_ONCE = 0.2;
const LASTS_MS = { least: 500, most: 5_000 };

/** Kinds are dealt like cards, deck after deck: every one comes equally often. */
export function schedule(seed: number, faults: number, kinds: readonly Kind[]): Fault[] {
  return Array.from({ length: Math.ceil(faults / kinds.length) }, (_, deal) => {
    const draws = stream(seed, 'faults', deal);
    return [...permutation(kinds.length, draws)].map((card) => ({
      kind: kinds[card]!,
      gapMs: Math.round(draws.uniform() * LONGEST_GAP_MS),
      atOnce: draws.uniform() < AT_ONCE,
      lastsMs: Math.round(LASTS_MS.least + draws.uniform() * (LASTS_MS.most - LASTS_MS.least)),
      dose: draws.uniform(),
    }));
  })
    .flat()
    .slice(0, faults);
}
