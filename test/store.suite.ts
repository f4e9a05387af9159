/** The contract of a store, run on every store there is. */
import { createHash, randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { Failure } from '../activities/failure/failure.ts';
import type { Store } from '../activities/store/store.ts';

export interface StoreUnderTest {
  store: Store;
  /** Flips one bit of an object's first byte, behind the store's back. */
  damage(key: string): Promise<void>;
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const collect = async (store: Store, prefix: string) => {
  const found: { key: string; bytes: number }[] = [];
  for await (const object of store.list(prefix)) found.push(object);
  return found;
};
const twenty = Array.from({ length: 20 }, (_, writer) => Buffer.from(`writer ${writer}`));

export function storeSuite(underTest: () => StoreUnderTest): void {
  /** A folder of its own for each test. */
  const folder = () => `suite/${randomUUID()}`;

  test('an object comes back as it was put, under a reference with its SHA-256', async () => {
    const { store } = underTest();
    const bytes = Buffer.from([0, 255, 10, 13, 0]);
    const key = `${folder()}/object`;

    const ref = await store.putIfAbsent(key, bytes);

    expect(ref).toEqual({ key, sha256: sha256(bytes), bytes: 5 });
    expect(await store.get(ref)).toEqual(bytes);
    expect(await store.head(key)).toEqual(ref);
  });

  test('an empty object is an object', async () => {
    const { store } = underTest();
    const ref = await store.putIfAbsent(`${folder()}/empty`, Buffer.alloc(0));

    expect(ref.bytes).toBe(0);
    expect(await store.head(ref.key)).toEqual(ref);
    expect((await store.get(ref)).length).toBe(0);
  });

  test('an object of 40 MB, more than two upload parts, comes back whole and is not written twice', async () => {
    const { store } = underTest();
    const bytes = Buffer.alloc(40_000_001, 'large object ');
    const ref = await store.putIfAbsent(`${folder()}/large`, bytes);

    expect(sha256(await store.get(ref))).toBe(sha256(bytes));
    expect(await store.putIfAbsent(ref.key, Buffer.alloc(40_000_001, 'other'))).toEqual(ref);
  });

  test('a view of a larger buffer is stored as the view', async () => {
    const { store } = underTest();
    const ref = await store.putIfAbsent(`${folder()}/view`, new Uint8Array([1, 2, 3, 4]).subarray(1, 3));

    expect([...(await store.get(ref))]).toEqual([2, 3]);
  });

  test('what is missing has no head and no pointer', async () => {
    const { store } = underTest();

    expect(await store.head(`${folder()}/nothing`)).toBeNull();
    expect(await store.read(`${folder()}/nothing`)).toBeNull();
  });

  test('of twenty writers of one key one writes, and all adopt its bytes', async () => {
    const { store } = underTest();
    const key = `${folder()}/race`;

    const refs = await Promise.all(twenty.map((bytes) => store.putIfAbsent(key, bytes)));

    const stored = (await store.get(refs[0])).toString();
    expect(twenty.map(String)).toContain(stored);
    expect(new Set(refs.map((ref) => ref.sha256))).toEqual(new Set([sha256(Buffer.from(stored))]));
  });

  test('of twenty writers that create a pointer one wins', async () => {
    const { store } = underTest();
    const key = `${folder()}/pointer`;

    const versions = await Promise.all(twenty.map((bytes) => store.swap(key, bytes, null)));

    const winner = versions.findIndex((version) => version !== null);
    expect(versions.filter((version) => version !== null)).toHaveLength(1);
    expect(await store.read(key)).toEqual({ bytes: twenty[winner], version: versions[winner] });
  });

  test('of twenty writers that move a pointer from the same version one wins', async () => {
    const { store } = underTest();
    const key = `${folder()}/pointer`;
    const version = await store.swap(key, Buffer.from('first'), null);

    const versions = await Promise.all(twenty.map((bytes) => store.swap(key, bytes, version)));

    const winner = versions.findIndex((moved) => moved !== null);
    expect(versions.filter((moved) => moved !== null)).toHaveLength(1);
    expect((await store.read(key))?.bytes).toEqual(twenty[winner]);
  });

  test('a pointer that does not exist is not moved', async () => {
    const { store } = underTest();
    const key = `${folder()}/pointer`;
    const version = await store.swap(key, Buffer.from('first'), null);
    await store.delete([key]);

    expect(await store.swap(key, Buffer.from('second'), version)).toBeNull();
    expect(await store.read(key)).toBeNull();
  });

  test('a damaged object is named', async () => {
    const { store, damage } = underTest();
    const ref = await store.putIfAbsent(`${folder()}/weights`, Buffer.from('weights'));
    await damage(ref.key);

    const failure = await store.get(ref).catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({
      type: 'ObjectDamaged',
      message: expect.stringContaining(`${ref.key} is damaged: its 7 bytes have SHA-256 `),
    });
  });

  test('a damaged pointer is named', async () => {
    const { store, damage } = underTest();
    const key = `${folder()}/pointer`;
    await store.swap(key, Buffer.from('{}'), null);
    await damage(key);

    await expect(store.read(key)).rejects.toMatchObject({
      type: 'ObjectDamaged',
      message: expect.stringContaining(key),
    });
  });

  test('an object that a reference names and that is gone counts as damaged', async () => {
    const { store } = underTest();
    const ref = await store.putIfAbsent(`${folder()}/weights`, Buffer.from('weights'));
    await store.delete([ref.key]);

    await expect(store.get(ref)).rejects.toMatchObject({
      type: 'ObjectDamaged',
      message: expect.stringContaining(`${ref.key} is missing`),
    });
  });

  test('an object that is set aside makes room for another one, and is kept', async () => {
    const { store, damage } = underTest();
    const ref = await store.putIfAbsent(`${folder()}/weights (1)`, Buffer.from('weights'));
    await damage(ref.key);

    await store.setAside(ref.key);

    expect(await store.head(ref.key)).toBeNull();
    expect(await store.head(`damaged/${ref.key}`)).toMatchObject({ sha256: ref.sha256, bytes: 7 });
    await store.putIfAbsent(ref.key, Buffer.from('weights'));
    expect((await store.get(ref)).toString()).toBe('weights');
  });

  test('setting aside what another worker has set aside already does not matter', async () => {
    const { store } = underTest();
    const key = `${folder()}/weights`;

    await expect(store.setAside(key)).resolves.toBeUndefined();
    expect(await store.head(`damaged/${key}`)).toBeNull();
  });

  test('keys under a prefix are listed in the order of their bytes', async () => {
    const { store } = underTest();
    const at = folder();
    const names = ['b', 'a/c', 'a-b', 'a/b/d', 'B', 'a.b', 'a/b.d', 'aa'];
    await Promise.all(names.map((name) => store.putIfAbsent(`${at}/${name}`, Buffer.from(name))));

    const listed = await collect(store, `${at}/`);

    expect(listed.map(({ key }) => key.slice(at.length + 1))).toEqual([
      'B',
      'a-b',
      'a.b',
      'a/b.d',
      'a/b/d',
      'a/c',
      'aa',
      'b',
    ]);
    expect(listed[0].bytes).toBe(1);
    expect((await collect(store, `${at}/a/b`)).map(({ key }) => key)).toEqual([`${at}/a/b.d`, `${at}/a/b/d`]);
    expect(await collect(store, `${at}/none`)).toEqual([]);
  });

  test('deleting removes the objects, and what is gone already does not matter', async () => {
    const { store } = underTest();
    const at = folder();
    await store.putIfAbsent(`${at}/one`, Buffer.from('1'));
    await store.putIfAbsent(`${at}/two`, Buffer.from('2'));

    await store.delete([`${at}/one`, `${at}/none`]);

    expect((await collect(store, at)).map(({ key }) => key)).toEqual([`${at}/two`]);
  });

  test('a presigned link opens without credentials, with its content type', async () => {
    const { store } = underTest();
    const ref = await store.putIfAbsent(`${folder()}/f.svg`, Buffer.from('<svg/>'), 'image/svg+xml');

    const response = await fetch(await store.presign(ref.key, 60));

    expect(response.headers.get('content-type')).toBe('image/svg+xml');
    expect(await response.text()).toBe('<svg/>');
  });

  test('a store that passed its probe holds nothing of it', async () => {
    const { store } = underTest();

    await store.probe();

    expect(await collect(store, 'probe/')).toEqual([]);
  });
}
