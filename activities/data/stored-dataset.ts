/** Data sets in the store, and which source gave which.
 *    datasets/<name>/<sha256>/{train,test}-{images,labels}.npy, ro-crate-metadata.json and, last, dataset.json
 *    datasets/<name>/sources/<id>.json  the data set that a source gave */
import {
  type DatasetId,
  type DatasetName,
  DatasetRef,
  type ObjectRef,
  type SourceForm,
} from '../contract.ts';
import { Failure } from '../failure/failure.ts';
import { readWhole } from '../store/read-whole.ts';
import type { Store } from '../store/store.ts';
import { type Dataset, SHAPE, type Split } from './images.ts';
import { decodeNpy, encodeNpy } from './npy.ts';

/** Section 2.1; Section 5. */
const WHOLE = {
  cifar10: { title: 'CIFAR-10', train: 50_000, test: 10_000 },
  mnist: { title: 'MNIST', train: 60_000, test: 10_000 },
};

export const datasetFolder = ({ name, sha256 }: DatasetId) => `datasets/${name}/${sha256}`;

const recordKey = (name: DatasetId['name'], sourceId: string) => `datasets/${name}/sources/${sourceId}.json`;

/** The data set that a source gave before; null when it is not known, or not whole any more. */
export async function recallDataset(
  store: Store,
  name: DatasetName,
  sourceId: string,
): Promise<DatasetRef | null> {
  const dataset = await readRef(store, recordKey(name, sourceId));
  if (!dataset) return null;
  const { train, test } = dataset;
  const present = await Promise.all(
    [train.images, train.labels, test.images, test.labels].map(({ key }) => store.head(key)),
  );
  return present.every((ref) => ref) ? dataset : null;
}

/** Notes which data set a source gave. */
export async function rememberSource(store: Store, sourceId: string, dataset: DatasetRef): Promise<void> {
  await store.putIfAbsent(recordKey(dataset.id.name, sourceId), json(dataset), 'application/json');
}

/** A data set by its id. Fails with DatasetUnavailable when it is not in the store. */
export async function findDataset(store: Store, id: DatasetId): Promise<DatasetRef> {
  const dataset = await readRef(store, `${datasetFolder(id)}/dataset.json`);
  if (dataset) return dataset;
  throw new Failure(
    'DatasetUnavailable',
    `The store has no data set ${id.name} ${id.sha256}: start again, so that it is fetched.`,
  );
}

/** The elements of a stored uint8 array. A damaged one is set aside, so that the next start fetches it anew. */
export async function readArray(store: Store, ref: ObjectRef): Promise<Uint8Array> {
  try {
    return decodeNpy(await store.get(ref), 'uint8').data;
  } catch (error) {
    if (!(error instanceof Failure && error.type === 'ObjectDamaged')) throw error;
    await store.setAside(ref.key);
    throw new Failure(
      'DatasetUnavailable',
      `${ref.key} was damaged and has been set aside: start again, so that it is fetched anew.`,
      { cause: error },
    );
  }
}

/** Writes a data set in canonical order; `describe` makes the provenance record of the arrays. */
export async function keepDataset(
  store: Store,
  id: DatasetId & { name: DatasetName },
  { form, classes, dataset }: { form: SourceForm; classes: readonly string[]; dataset: Dataset },
  describe: (title: string, arrays: ObjectRef[]) => Buffer,
): Promise<DatasetRef> {
  const folder = datasetFolder(id);
  const keepSplit = async (split: 'train' | 'test', { images, labels }: Split) => ({
    images: await store.putIfAbsent(
      `${folder}/${split}-images.npy`,
      encodeNpy('uint8', [labels.length, ...SHAPE[id.name]], images),
    ),
    labels: await store.putIfAbsent(
      `${folder}/${split}-labels.npy`,
      encodeNpy('uint8', [labels.length], labels),
    ),
    count: labels.length,
  });
  const train = await keepSplit('train', dataset.train);
  const test = await keepSplit('test', dataset.test);
  const title = titleOf(id.name, form, train.count, test.count);
  const arrays = [train.images, train.labels, test.images, test.labels];
  const crate = await store.putIfAbsent(
    `${folder}/ro-crate-metadata.json`,
    describe(title, arrays),
    'application/ld+json',
  );
  const ref: DatasetRef = { id, form, title, classes: [...classes], train, test, provenance: crate };
  await store.putIfAbsent(`${folder}/dataset.json`, json(ref), 'application/json');
  return findDataset(store, id); // another form of the same images may have been first
}

function titleOf(name: DatasetName, form: SourceForm, train: number, test: number): string {
  if (name === 'procedural') return 'procedural images (generated, not CIFAR-10)';
  const counts = `${train.toLocaleString('en')} + ${test.toLocaleString('en')}`;
  if (form === 'idx-test-images') return `MNIST test images, split (${counts})`;
  const whole = WHOLE[name];
  const notes = [
    ...(form === 'folders-jpeg' ? ['JPEG-sourced'] : []),
    ...(train === whole.train && test === whole.test ? [] : [`${counts} images`]),
  ];
  return notes.length > 0 ? `${whole.title} (${notes.join(', ')})` : whole.title;
}

/** Null also when what is there is damaged; then it is set aside. */
async function readRef(store: Store, key: string): Promise<DatasetRef | null> {
  const bytes = await readWhole(store, key);
  return bytes && DatasetRef.parse(JSON.parse(bytes.toString()));
}

const json = (value: DatasetRef) => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
