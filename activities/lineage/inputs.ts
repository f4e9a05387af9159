/** Whether what something was made from is still what it was. */
import type { Origin } from '../provenance/origin.ts';
import type { Store } from '../store/store.ts';

export interface Input {
  key: string;
  sha256: string;
  /** gone: taken away since, or set aside because it was damaged; changed: another object has its key. */
  state: 'unchanged' | 'changed' | 'gone';
}

export const inputsNow = (store: Store, { inputs }: Origin): Promise<Input[]> =>
  Promise.all(
    inputs.map(async ({ key, sha256 }): Promise<Input> => {
      const now = await store.head(key);
      const state = !now ? 'gone' : now.sha256 === sha256 ? 'unchanged' : 'changed';
      return { key, sha256, state };
    }),
  );
