/** Kernel machines that fit a data set's first training images, kept once: linear/interpolants/<inputs id>/interpolants.json.
 *  Each is kept as it is done (steps/), and another attempt goes on after the last one. */
import { setImmediate } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import type { Activities, FittedInterpolants, ObjectRef, TheoremProgress } from './contract.ts';
import { PIXELS } from './data/mnist.ts';
import { findDataset, readArray } from './data/stored-dataset.ts';
import { contentId } from './identity/identity.ts';
import { interpolantInputs } from './linear/inputs.ts';
import { fitInterpolants, KernelNumbers, type Step } from './linear/interpolants.ts';
import { findPublished, type Publishing, publish } from './provenance/publish.ts';
import * as keys from './store/keys.ts';
import { readWhole } from './store/read-whole.ts';
import type { Store } from './store/store.ts';

const NAMES = ['interpolants.json'];

export function createFitInterpolants({
  store,
  environment,
  now,
}: Publishing): Activities['fitInterpolants'] {
  return async ({ dataset: id, ...asked }) => {
    const context = Context.current();
    const startedAt = now();
    const progress: TheoremProgress = { stretch: 'images', points: null };
    const beat = setInterval(() => context.heartbeat(progress), 1000);
    const next = async (coming: string) => {
      progress.stretch = coming;
      await setImmediate(); // heartbeats and other activities
      context.cancellationSignal.throwIfAborted();
    };
    try {
      const dataset = await findDataset(store, id);
      const { train, test, title } = dataset;
      const parameters = interpolantInputs(dataset, asked);
      const { choosing, seed, ...counts } = parameters;
      const inputsId = contentId(parameters);
      const keyOf = (file: string) => keys.linear('interpolants', inputsId, file);
      const place = { keyOf, latest: keys.latestLinear('interpolants') };
      const known = await findPublished(store, { ...place, names: NAMES });
      if (known) return fitted(known, parse(await store.get(known.outputs[0])));

      const splitOf = async (name: 'train' | 'test') => {
        const { images, labels, count } = { train, test }[name];
        const all = await readArray(store, images);
        const d = all.length / count;
        const own = (await readArray(store, labels)).slice(0, counts[name]);
        return { d, split: { images: all.slice(0, counts[name] * d), labels: own } };
      };
      const [ofTrain, ofTest] = [await splitOf('train'), await splitOf('test')];
      const found = await fitInterpolants(
        {
          d: ofTrain.d,
          train: ofTrain.split,
          test: ofTest.split,
          gabor: ofTrain.d === PIXELS,
          choosing: Math.min(choosing, counts.train),
          seed,
        },
        keptSteps(store, keyOf),
        next,
      );
      const numbers = KernelNumbers.parse(found); // fields in its order, also of kept steps
      const published = await publish(store, {
        ...place,
        files: [
          {
            name: NAMES[0]!,
            bytes: `${JSON.stringify(numbers, null, 2)}\n`,
            contentType: 'application/json',
          },
        ],
        title: 'Kernel interpolants',
        about: `Kernel machines that fit ${counts.train} training images of ${title}, and what they say of ${counts.test} test images.`,
        inputs: [train.images, train.labels, test.images, test.labels],
        parameters,
        environment,
        startedAt,
        now,
      });
      return fitted(published, numbers);
    } finally {
      clearInterval(beat);
    }
  };
}

const keptSteps =
  (store: Store, keyOf: (file: string) => string): Step =>
  async (name, schema, work) => {
    const key = keyOf(`steps/${name}.json`);
    const kept = await readWhole(store, key);
    if (kept) return schema.parse(JSON.parse(kept.toString()));
    const result = await work();
    await store.putIfAbsent(key, Buffer.from(JSON.stringify(result)), 'application/json');
    return result;
  };

const parse = (bytes: Buffer) => KernelNumbers.parse(JSON.parse(bytes.toString()));

const fitted = (
  { folder, outputs: [numbers], provenance }: { folder: string; outputs: ObjectRef[]; provenance: ObjectRef },
  found: KernelNumbers,
): FittedInterpolants => ({ folder, numbers, provenance, ...found });
