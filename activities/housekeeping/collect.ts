/** Takes rubbish out of the store. Killed in the middle, what is left is rubbish still: nothing is taken away before
 *  whatever names it has forgotten it, and provenance goes before what it describes. */
import { forgetLinks } from '../store/checkpoint-chain.ts';
import type { Contents, StoredObject } from '../store/s3-contents.ts';
import type { Store } from '../store/store.ts';
import type { Rubbish } from './rubbish.ts';

/** Yields every object as it goes; of an upload nothing, for its size is not known. */
export async function* collect(
  store: Store,
  contents: Pick<Contents, 'abort'>,
  rubbish: Iterable<Rubbish>,
): AsyncGenerator<StoredObject> {
  for (const { objects, chain, latest, upload } of rubbish) {
    if (upload) await contents.abort(upload);
    const keys = objects.map(({ key }) => key);
    if (chain && !(await forgetLinks(store, chain, keys))) continue; // someone trains it by now
    if (latest && (await namesNow(store, latest, keys))) continue; // someone made it again by now
    for (const object of objects) {
      await store.delete([object.key]);
      yield object;
    }
  }
}

async function namesNow(store: Store, latest: string, keys: string[]): Promise<boolean> {
  const folder = keys[0]?.slice(0, keys[0].lastIndexOf('/'));
  const pointer = await store.read(latest);
  return pointer?.bytes.toString().includes(`"${folder}"`) ?? false;
}
