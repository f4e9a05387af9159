/** Which data set a request means, as far as the store knows: run ids contain its digest. Fetches nothing and puts
 *  nothing into the store. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { DatasetName, type DatasetRef, type ImageNetRef } from '../../activities/contract.ts';
import { OFFICIAL } from '../../activities/data/cifar10.ts';
import { recallIndex } from '../../activities/data/imagenet/stored-index.ts';
import { OFFICIAL as OFFICIAL_MNIST } from '../../activities/data/mnist.ts';
import { PROCEDURAL } from '../../activities/data/procedural.ts';
import { locateMnist } from '../../activities/data/sources/mnist-source.ts';
import { openFiles } from '../../activities/data/sources/open-files.ts';
import { locateSource } from '../../activities/data/sources/source.ts';
import { recallDataset } from '../../activities/data/stored-dataset.ts';
import * as keys from '../../activities/store/keys.ts';
import type { Session } from '../session.ts';
import { isRemote, readFolder, resolveSource } from './source.ts';

export interface Identified {
  /** As a person calls it. */
  name: string;
  /** What the workflow's input will name. */
  dataset: DatasetName | 'imagenet';
  source: string | null;
  /** Null while it is not in the store: then its digest, and with it every run's id, is unknown. */
  ref: DatasetRef | ImageNetRef | null;
}

/** MNIST, or what stands for it. named: a folder or its URL. */
export async function identifyDigits(
  { store, config }: Pick<Session, 'store' | 'config'>,
  { asked, named }: { asked: DatasetName | undefined; named: string | undefined },
  say: (line: string) => void,
): Promise<Identified> {
  const { dataset, source } =
    asked !== 'procedural' && named
      ? { dataset: 'mnist' as const, source: isRemote(named) ? named : (await readFolder(named)).source }
      : await resolveSource(store, { asked, wanted: 'mnist', flag: '--mnist' }, say);
  if (dataset === 'procedural') return generated(store);
  const cacheFolder = cacheOf(config);
  const { id } = await locateMnist(source, { store, official: OFFICIAL_MNIST, cacheFolder });
  return { name: 'MNIST', dataset, source, ref: await recallDataset(store, dataset, id) };
}

async function generated(store: Session['store']): Promise<Identified> {
  const ref = await recallDataset(store, 'procedural', PROCEDURAL.id);
  return { name: 'generated images', dataset: 'procedural', source: null, ref };
}

const cacheOf = ({ RETHINKING_CACHE }: Session['config']) =>
  RETHINKING_CACHE ?? join(homedir(), '.cache', 'rethinking');

export async function identifyImages(
  session: Pick<Session, 'store' | 'config'>,
  given: { dataset?: unknown; source?: unknown },
  data: string | undefined,
  say: (line: string) => void,
): Promise<Identified> {
  const { store, config } = session;
  const asked = given.dataset === undefined ? undefined : DatasetName.parse(given.dataset);
  const named = typeof given.source === 'string' ? given.source : data;
  if (asked === 'mnist') return identifyDigits(session, { asked, named }, say);
  if (asked !== 'procedural' && named && !isRemote(named)) {
    const sha256 = await digestOf(named);
    const source = `store:${keys.source(sha256, basename(named))}`;
    const ref = await recallDataset(store, 'cifar10', sha256);
    return { name: basename(named), dataset: 'cifar10', source, ref };
  }
  const { dataset, source } =
    typeof given.source === 'string'
      ? { dataset: asked ?? ('cifar10' as const), source: given.source }
      : await resolveSource(store, { asked, data }, say);
  if (dataset === 'procedural') return generated(store);
  const cacheFolder = cacheOf(config);
  const { id, name } = await locateSource(source, { store, official: OFFICIAL, cacheFolder });
  return { name, dataset, source, ref: await recallDataset(store, dataset, id) };
}

export async function identifyImageNet(
  { store, config }: Session,
  given: { source?: unknown },
): Promise<Identified> {
  const source = typeof given.source === 'string' ? given.source : (config.RETHINKING_IMAGENET ?? null);
  const identified = {
    name: `ImageNet ${source ?? '(no source named)'}`,
    dataset: 'imagenet',
    source,
  } as const;
  if (source === null) return { ...identified, ref: null };
  const files = openFiles(source);
  try {
    return { ...identified, ref: await recallIndex(store, files, new AbortController().signal) };
  } finally {
    files.close();
  }
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}
