import { unlessDamaged } from './damage.ts';
import type { Store } from './store.ts';

/** The bytes of an object that can be computed again, or null: it is not there, or is damaged and was set aside. */
export async function readWhole(store: Store, key: string): Promise<Buffer | null> {
  const ref = await store.head(key);
  if (!ref) return null;
  const bytes = await unlessDamaged(() => store.get(ref));
  if (bytes === null) await store.setAside(key);
  return bytes;
}
