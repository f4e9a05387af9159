/** Has a data set in the store: from the source that is asked for, else the worker's own, else the official archive.
 *  Reading one takes seconds (60,000 JPEG files: 20); a source that was read before is answered from the store. */
import { createHash } from 'node:crypto';
import { Context } from '@temporalio/activity';
import type { Activities, DatasetName, ObjectRef, SourceForm } from './contract.ts';
import { datasetDigest, inCanonicalOrder } from './data/canonical.ts';
import { CLASSES, OFFICIAL } from './data/cifar10.ts';
import type { Dataset } from './data/images.ts';
import { inSteps } from './data/in-steps.ts';
import { CLASSES as DIGITS, OFFICIAL as OFFICIAL_MNIST } from './data/mnist.ts';
import { generateImages, PROCEDURAL } from './data/procedural.ts';
import { readMnist } from './data/read-mnist.ts';
import { locateMnist, type MnistSource, readMnistFiles } from './data/sources/mnist-source.ts';
import { readArchive } from './data/sources/read-archive.ts';
import { type ArchiveSource, locateSource } from './data/sources/source.ts';
import { keepDataset, recallDataset, rememberSource } from './data/stored-dataset.ts';
import { Failure } from './failure/failure.ts';
import { sha256 } from './identity/identity.ts';
import { type Environment, provenance } from './provenance/provenance.ts';
import type { Store } from './store/store.ts';

/** A data set that was read or made, before it is in the store. */
interface Obtained {
  form: SourceForm;
  classes: readonly string[];
  dataset: Dataset;
  /** What was read; nothing for generated images. */
  files: ObjectRef[];
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
  officialMnist?: typeof OFFICIAL_MNIST;
  environment: Environment;
  now: () => Date;
}): Activities['fetchDataset'] {
  const { store, sources, cacheFolder, environment, now } = deps;
  const { official = OFFICIAL, officialMnist = OFFICIAL_MNIST } = deps;
  const originOf = async (name: DatasetName, source: string | null): Promise<Origin> => {
    if (name === 'procedural') return generated(source);
    const own = source ?? sources[name] ?? null;
    if (name === 'mnist')
      return digits(await locateMnist(own, { store, official: officialMnist, cacheFolder }));
    return archived(await locateSource(own, { store, official, cacheFolder }));
  };

  return async ({ name, source }) => {
    const context = Context.current();
    const signal = context.cancellationSignal;
    const startedAt = now();
    let progress = {};
    const beat = setInterval(() => context.heartbeat(progress), 1000);
    try {
      const origin = await originOf(name, source);
      const known = await recallDataset(store, name, origin.id);
      if (known) return known;

      const obtained = await origin.obtain((latest) => {
        progress = latest;
      }, signal);
      const { files } = obtained;
      const dataset = {
        train: await inSteps(inCanonicalOrder(obtained.dataset.train), signal),
        test: await inSteps(inCanonicalOrder(obtained.dataset.test), signal),
      };
      const id = { name, sha256: await inSteps(datasetDigest(dataset), signal) };
      const ref = await keepDataset(store, id, { ...obtained, dataset }, (title, outputs) =>
        provenance({
          title,
          about: 'Images and labels in canonical order, uint8.',
          inputs: files,
          outputs,
          parameters: { name, form: obtained.form, sha256: id.sha256 },
          environment,
          startedAt,
          endedAt: now(),
        }),
      );
      await rememberSource(store, origin.id, ref);
      if (files.length === 1) await rememberSource(store, files[0]!.sha256, ref);
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
      return { ...read, classes: CLASSES, files: [archive] };
    },
  };
}

function digits(source: MnistSource): Origin {
  return {
    id: source.id,
    async obtain(onProgress, signal) {
      const hear = (have: number, total: number | null) => onProgress({ downloadedBytes: have, total });
      const found = await readMnistFiles(source, hear, signal);
      const read = await inSteps(readMnist(source.name, found), signal);
      const files = [...found.values()].map(({ file, bytes }) => ({
        key: `${source.name}/${file}`,
        sha256: sha256(bytes),
        bytes: bytes.length,
      }));
      return { ...read, classes: DIGITS, files };
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
      return { form: 'generated', classes: PROCEDURAL.classes, dataset, files: [] };
    },
  };
}
