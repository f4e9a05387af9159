/** Theorem 1, Lemma 1 and Corollary 1 on a data set's first training images or on generated points: built, checked and
 *  kept, once. It keeps nothing on the way: an attempt that is killed is made again, with the same bytes, in seconds for
 *  50,000 images and in minutes for 1.28 million points.
 *    theorems/1/<inputs id>/{theorem-1.json, {a,b,w}.npy, tied-network.safetensors, {corollary-1,error-against-n,error-by-projection}.csv} */
import { setImmediate } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import type { Activities, FittedTheorem, ObjectRef, TheoremNumbers, TheoremProgress } from './contract.ts';
import { contentId } from './identity/identity.ts';
import { findPublished, type Publishing, publish } from './provenance/publish.ts';
import * as keys from './store/keys.ts';
import { locateSample } from './theory/labelled-sample.ts';
import { filesOf, NAMES, parseNumbers } from './theory/theorem-files.ts';
import { verifyTheorem } from './theory/verification.ts';

/** Raised when the same sample gets other numbers. */
const CONSTRUCTION = 2;

export function createFitTheorem({ store, environment, now }: Publishing): Activities['fitTheorem'] {
  return async ({ sample: of, labels: kind, seed }) => {
    const context = Context.current();
    const startedAt = now();
    let progress: TheoremProgress = { stretch: 'images', points: null };
    let begun = startedAt; // the stretch
    const beat = setInterval(() => context.heartbeat(progress), 1000);
    const told = (n: number) => async (stretch: string, done?: number) => {
      if (stretch !== progress.stretch) begun = now();
      const seconds = (now().getTime() - begun.getTime()) / 1000;
      progress = { stretch, points: done && seconds >= 1 ? { done, n, perSecond: done / seconds } : null };
      await setImmediate(); // heartbeats and other activities
      context.cancellationSignal.throwIfAborted();
    };
    try {
      const { n, content, title, inputs, read } = await locateSample(store, of);
      const next = told(n);
      const parameters = { ...content, construction: CONSTRUCTION, labels: kind, seed };
      const inputsId = contentId(parameters);
      const place = {
        keyOf: (file: string) => keys.theorem('1', inputsId, file),
        latest: keys.latestTheorem('1'),
      };
      const known = await findPublished(store, { ...place, names: NAMES });
      if (known) return fitted(known, parseNumbers(await store.get(known.outputs[0])));

      const verified = await verifyTheorem({ ...(await read(kind, seed)), seed }, next);
      const published = await publish(store, {
        ...place,
        files: filesOf(verified),
        title: 'Theorem 1',
        about: `Theorem 1, Lemma 1 and Corollary 1 on ${n} ${title}, ${kind} labels.`,
        inputs,
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
  const [numbers, a, b, w, tiedNetwork, corollary1, errorAgainstN, errorByProjection] = outputs;
  const points = { distinct: n, merged, dimensions: d };
  return {
    folder,
    numbers,
    a,
    b,
    w,
    tiedNetwork,
    corollary1,
    errorAgainstN,
    errorByProjection,
    provenance,
    points,
  };
}
