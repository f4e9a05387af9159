/** Has a data set in the store: from the source that is asked for, else the worker's own, else the official archive.
 *  Reading one takes seconds (60,000 JPEG files: 20); a source that was read before is answered from the store. */
import { createHash } from 'node:crypto';
import { Context } from '@temporalio/activity';
import type { Activities, DatasetName, ObjectRef, SourceForm } from './contract.ts';
import { datasetDigest, inCanonicalOrder } from './data/canonical.ts';
import { CLASSES, OFFICIAL } from './data/cifar10.ts';
import type { Dataset } from './data/images.ts';
import { inSteps } from './data/in-steps.ts';
import { generateImages, PROCEDURAL } from './data/procedural.ts';
import { readArchive } from './data/sources/read-archive.ts';
import { type ArchiveSource, locateSource } from './data/sources/source.ts';
import { keepDataset, recallDataset, rememberSource } from './data/stored-dataset.ts';
import { Failure } from './failure/failure.ts';
import { type Environment, provenance } from './provenance/provenance.ts';
import type { Store } from './store/store.ts';

/** A data set that was read or made, before it is in the store. */
interface Obtained {
  form: SourceForm;
  classes: readonly string[];
  dataset: Dataset;
  /** The archive; null for generated images. */
  archive: ObjectRef | null;
}

/** Where a data set comes from; `id` is known before anything is read. */
interface Origin {
  id: string;
  obtain(onProgress: (progress: object) => void, signal: AbortSignal): Promise<Obtained>;
}

export function createFetchDataset(deps: {
  store: Store;
  /** The worker's own sources. */
  sources: Partial<Record<DatasetName, string>>;
  /** Downloads lie here, and go on here after an interruption. */
  cacheFolder: string;
  official?: typeof OFFICIAL;
  environment: Environment;
  now: () => Date;
}): Activities['fetchDataset'] {
  const { store, sources, cacheFolder, official = OFFICIAL, environment, now } = deps;

  return async ({ name, source }) => {
    const context = Context.current();
    const signal = context.cancellationSignal;
    const startedAt = now();
    let progress = {};
    const beat = setInterval(() => context.heartbeat(progress), 1000);
    try {
      const origin =
        name === 'procedural'
          ? generated(source)
          : archived(await locateSource(source ?? sources[name] ?? null, { store, official, cacheFolder }));
      const known = await recallDataset(store, name, origin.id);
      if (known) return known;

      const obtained = await origin.obtain((latest) => {
        progress = latest;
      }, signal);
      const { archive } = obtained;
      const dataset = {
        train: await inSteps(inCanonicalOrder(obtained.dataset.train), signal),
        test: await inSteps(inCanonicalOrder(obtained.dataset.test), signal),
      };
      const id = { name, sha256: await inSteps(datasetDigest(dataset), signal) };
      const ref = await keepDataset(store, id, { ...obtained, dataset }, (title, outputs) =>
        provenance({
          title,
          about: 'Images and labels in canonical order, uint8.',
          inputs: archive ? [archive] : [],
          outputs,
          parameters: { name, form: obtained.form, sha256: id.sha256 },
          environment,
          startedAt,
          endedAt: now(),
        }),
      );
      await rememberSource(store, origin.id, ref);
      if (archive) await rememberSource(store, archive.sha256, ref);
      return ref;
    } finally {
      clearInterval(beat);
    }
  };
}

function archived(source: ArchiveSource): Origin {
  return {
    id: source.id,
    async obtain(onProgress, signal) {
      const hash = createHash('sha256');
      let bytes = 0;
      async function* observed() {
        const chunks = source.chunks((have, total) => onProgress({ downloadedBytes: have, total }), signal);
        for await (const chunk of chunks) {
          signal.throwIfAborted();
          hash.update(chunk);
          bytes += chunk.length;
          yield chunk;
        }
      }
      const read = await readArchive(source.name, observed(), (images) => onProgress({ images }));
      const archive = { key: source.name, sha256: hash.digest('hex'), bytes };
      return { ...read, classes: CLASSES, archive };
    },
  };
}

function generated(source: string | null): Origin {
  if (source !== null) {
    throw new Failure(
      'InvalidInput',
      `The procedural data set is generated, not read from ${source}: leave the source out.`,
    );
  }
  return {
    id: PROCEDURAL.id,
    async obtain(_onProgress, signal) {
      const dataset = await inSteps(generateImages(), signal);
      return { form: 'generated', classes: PROCEDURAL.classes, dataset, archive: null };
    },
  };
}
