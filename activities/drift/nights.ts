/** The newest night of a series, as the store has it. A series is what is asked of the paper: nights of different
 *  profiles, data or seeds are not held against each other. */
import { z } from 'zod';
import { Night, type PaperOptions } from '../contract.ts';
import { contentId } from '../identity/identity.ts';
import * as keys from '../store/keys.ts';
import { readOrSetAside } from '../store/pointer.ts';
import { readWhole } from '../store/read-whole.ts';
import type { Store } from '../store/store.ts';

export const seriesOf = (request: PaperOptions): string => contentId(request);

const Pointer = z.object({ folder: z.string() });

/** Null at the first night, and where an older version wrote or a fault took the last one: then there is nothing to hold
 *  this one against. */
export async function newestNight(store: Store, request: PaperOptions): Promise<Night | null> {
  const pointer = await readOrSetAside(store, keys.latestDriftOf(seriesOf(request)));
  if (!pointer) return null;
  const { folder } = Pointer.parse(JSON.parse(String(pointer.bytes)));
  const bytes = await readWhole(store, `${folder}/night.json`);
  if (!bytes) return null;
  const parsed = Night.safeParse(JSON.parse(String(bytes)));
  return parsed.success ? parsed.data : null;
}
