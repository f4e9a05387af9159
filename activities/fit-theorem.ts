/** Theorem 1, Lemma 1 and Corollary 1 on a data set's first training images: built, checked and kept, once.
 *    theorems/1/<inputs id>/{theorem-1.json, {a,b,w}.npy, tied-network.safetensors, {corollary-1,error-against-n}.csv} */
import { setImmediate } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import type { Activities, FittedTheorem, ObjectRef, TheoremNumbers } from './contract.ts';
import { CHANNELS, SIDE } from './data/images.ts';
import { findDataset, readArray } from './data/stored-dataset.ts';
import { contentId } from './identity/identity.ts';
import { findPublished, type Publishing, publish } from './provenance/publish.ts';
import * as keys from './store/keys.ts';
import { labelsFor } from './theory/labelled-images.ts';
import { filesOf, NAMES, parseNumbers } from './theory/theorem-files.ts';
import { verifyTheorem } from './theory/verification.ts';

/** Raised when the same sample gets other numbers. */
const CONSTRUCTION = 1;

const D = SIDE * SIDE * CHANNELS;

export function createFitTheorem({ store, environment, now }: Publishing): Activities['fitTheorem'] {
  return async ({ dataset: id, points: asked, labels: kind, seed }) => {
    const context = Context.current();
    const startedAt = now();
    let stretch = 'images';
    const beat = setInterval(() => context.heartbeat({ stretch }), 1000);
    const next = async (coming: string) => {
      stretch = coming;
      await setImmediate(); // heartbeats and other activities
      context.cancellationSignal.throwIfAborted();
    };
    try {
      const { train, title } = await findDataset(store, id);
      const points = Math.min(asked ?? train.count, train.count);
      const parameters = { dataset: id, construction: CONSTRUCTION, points, labels: kind, seed };
      const inputsId = contentId(parameters);
      const place = {
        keyOf: (file: string) => keys.theorem('1', inputsId, file),
        latest: keys.latestTheorem('1'),
      };
      const known = await findPublished(store, { ...place, names: NAMES });
      if (known) return fitted(known, parseNumbers(await store.get(known.outputs[0])));

      const images = (await readArray(store, train.images)).subarray(0, points * D);
      const own = (await readArray(store, train.labels)).subarray(0, points);
      await next('labels');
      const labels = labelsFor(kind, { images, labels: own, d: D }, seed);
      const verified = await verifyTheorem({ images, d: D, labels, seed }, next);
      const published = await publish(store, {
        ...place,
        files: filesOf(verified),
        title: 'Theorem 1',
        about: `Theorem 1, Lemma 1 and Corollary 1 on ${points} training images of ${title}, ${kind} labels.`,
        inputs: [train.images, train.labels],
        parameters,
        environment,
        startedAt,
        now,
      });
      return fitted(published, verified.numbers);
    } finally {
      clearInterval(beat);
    }
  };
}

function fitted(
  { folder, outputs, provenance }: { folder: string; outputs: ObjectRef[]; provenance: ObjectRef },
  { n, d, merged }: TheoremNumbers,
): FittedTheorem {
  const [numbers, a, b, w, tiedNetwork, corollary1, errorAgainstN] = outputs;
  const points = { distinct: n, merged, dimensions: d };
  return { folder, numbers, a, b, w, tiedNetwork, corollary1, errorAgainstN, provenance, points };
}
