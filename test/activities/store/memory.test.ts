import { createMemoryStore, type MemoryObject } from '../../../activities/store/memory.ts';
import { storeSuite } from '../../store.suite.ts';

const objects = new Map<string, MemoryObject>();
const store = createMemoryStore(objects);

storeSuite(() => ({
  store,
  async damage(key) {
    const object = objects.get(key);
    if (object) object.bytes[0] ^= 1;
  },
}));
