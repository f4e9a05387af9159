/** The newest iterate of an unfinished descent, in the store: weights as float64 npy, then the looks so far. The same
 *  epoch has the same bytes whoever computes it, so attempts that overlap do one another no harm. */
import { z } from 'zod';
import { LinearDescent } from '../contract.ts';
import { decodeNpy, encodeNpy } from '../data/npy.ts';
import * as keys from '../store/keys.ts';
import { readWhole } from '../store/read-whole.ts';
import type { Store } from '../store/store.ts';
import type { DescentState } from './descents.ts';

const Kept = z.strictObject({ epoch: z.int(), looks: LinearDescent.shape.looks });

/** Then the ones before are let go. d: rows of the weights. */
export async function keepIterate(store: Store, id: string, d: number, state: DescentState): Promise<void> {
  const { epoch, looks, weights } = state;
  const older = await keysOf(store, id);
  const shape = [d, weights.length / d];
  await store.putIfAbsent(keys.iterate(id, epoch, 'npy'), encodeNpy('float64', shape, weights));
  await store.putIfAbsent(
    keys.iterate(id, epoch, 'json'),
    Buffer.from(JSON.stringify({ epoch, looks })),
    'application/json',
  );
  await store.delete(older.filter((key) => key < keys.iterate(id, epoch, 'json')));
}

/** The newest that is whole, or null. Damaged ones are set aside. */
export async function findIterate(store: Store, id: string): Promise<DescentState | null> {
  const found = (await keysOf(store, id)).filter((key) => key.endsWith('.json'));
  for (const key of found.reverse()) {
    const state = await readIterate(store, key);
    if (state) return state;
  }
  return null;
}

export const forgetIterates = async (store: Store, id: string) => store.delete(await keysOf(store, id));

async function readIterate(store: Store, key: string): Promise<DescentState | null> {
  const parts = [key, key.replace(/json$/, 'npy')];
  const [looks, weights] = await Promise.all(parts.map((part) => readWhole(store, part)));
  if (!looks || !weights) return null;
  return { ...Kept.parse(JSON.parse(looks.toString())), weights: decodeNpy(weights, 'float64').data };
}

async function keysOf(store: Store, id: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of store.list(keys.iterates(id))) found.push(key);
  return found;
}
