/** SGD on a linear model with more weights than images, kept once:
 *    linear/descent/<inputs id>/{descent.json, {distances,spectra}.csv, weights-{true,random,elsewhere}.npy}
 *  While it runs, iterates/ holds where it is, and another attempt goes on from there. */
import { setImmediate } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import type { Activities, DescendedLinear, LinearDescent, ObjectRef, TheoremProgress } from './contract.ts';
import { findDataset, readArray } from './data/stored-dataset.ts';
import { contentId } from './identity/identity.ts';
import { measureDescents } from './linear/descent-numbers.ts';
import { descentOf, TOLERANCE } from './linear/descents.ts';
import { descentInputs } from './linear/inputs.ts';
import { DESCENT_NAMES, descentFiles, parseDescent } from './linear/linear-files.ts';
import { findIterate, forgetIterates, keepIterate } from './linear/stored-iterates.ts';
import { findPublished, type Publishing, publish } from './provenance/publish.ts';
import * as keys from './store/keys.ts';

/** What a crash may cost. */
const KEEP_EVERY_MS = 2000;

export function createDescendLinear({ store, environment, now }: Publishing): Activities['descendLinear'] {
  return async ({ dataset: id, ...asked }) => {
    const context = Context.current();
    const startedAt = now();
    const progress: TheoremProgress = { stretch: 'images', points: null };
    const beat = setInterval(() => context.heartbeat(progress), 1000);
    try {
      const dataset = await findDataset(store, id);
      const { train, test, title } = dataset;
      const images = await readArray(store, train.images);
      const d = images.length / train.count;
      const parameters = descentInputs(dataset, d, asked);
      const { points, testImages: tests, seed } = parameters;
      const inputsId = contentId(parameters);
      const place = {
        keyOf: (file: string) => keys.linear('descent', inputsId, file),
        latest: keys.latestLinear('descent'),
      };
      const known = await findPublished(store, { ...place, names: DESCENT_NAMES });
      if (known) return descended(known, parseDescent(await store.get(known.outputs[0])));

      const first = async (ref: ObjectRef, size: number) => (await readArray(store, ref)).slice(0, size);
      const descent = descentOf({
        d,
        train: { images: images.slice(0, points * d), labels: await first(train.labels, points) },
        test: { images: await first(test.images, tests * d), labels: await first(test.labels, tests) },
        seed,
      });
      let state = (await findIterate(store, inputsId)) ?? descent.start;
      const from = { epoch: state.epoch, ms: now().getTime() };
      let keptAt = 0;
      for (state of descent.from(state)) {
        const { epoch, looks } = state;
        if (epoch === looks.at(-1)!.epoch) {
          const perSecond = (1000 * (epoch - from.epoch)) / Math.max(1, now().getTime() - from.ms);
          progress.stretch = describeLook(looks.at(-1)!, perSecond);
        }
        await setImmediate(); // heartbeats and other activities
        context.cancellationSignal.throwIfAborted();
        if (now().getTime() - keptAt < KEEP_EVERY_MS) continue;
        await keepIterate(store, inputsId, d, state);
        keptAt = now().getTime();
      }
      const { numbers, weights } = measureDescents(descent, state);
      const published = await publish(store, {
        ...place,
        files: descentFiles(numbers, weights),
        title: 'Linear model under SGD',
        about: `SGD from zero and from elsewhere on ${points} training images of ${title}, against the least-norm solution.`,
        inputs: [train.images, train.labels, test.images, test.labels],
        parameters,
        environment,
        startedAt,
        now,
      });
      await forgetIterates(store, inputsId);
      return descended(published, numbers);
    } finally {
      clearInterval(beat);
    }
  };
}

/** `SGD, epoch 212, 24 epochs/s, 3.9e-3 from the least-norm solution, ends at 1e-4` */
const describeLook = ({ epoch, random }: LinearDescent['looks'][number], perSecond: number) =>
  `SGD, epoch ${epoch}, ${perSecond.toPrecision(2)} epochs/s, ${random.distance.toExponential(1)} from the least-norm ` +
  `solution, ends at ${TOLERANCE.toExponential(0)}`;

function descended(
  { folder, outputs: [numbers], provenance }: { folder: string; outputs: ObjectRef[]; provenance: ObjectRef },
  { n, d, interpolants }: LinearDescent,
): DescendedLinear {
  return { folder, numbers, provenance, interpolants, points: { count: n, dimensions: d } };
}
