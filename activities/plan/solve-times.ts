/** How long what is solved took: of every choice, kernel system and part of Section 5 in the store. */
import { z } from 'zod';
import { ChoiceRequest, DatasetId, KernelSystem, SolvingTime } from '../contract.ts';
import { sizeOf } from '../kernel/viewed-images.ts';
import { type Origin, readOrigin } from '../provenance/origin.ts';
import { unlessDamaged } from '../store/damage.ts';
import type { Store } from '../store/store.ts';

export interface SolveTime {
  /** What decides how long it takes: whose images it is made of does not, nor do seeds. */
  shape: string;
  /** Of a kernel system; else null. */
  l2: number | null;
  seconds: number;
}

type Of = 'choice' | 'system' | 'descent' | 'interpolants';
const shapeOf = (of: Of, ...sizes: (string | number)[]) => JSON.stringify([of, ...sizes]);
const filtersOf = (of: { kind: string; filters?: number }) => of.filters ?? 0;

export const choiceShape = (request: ChoiceRequest): string =>
  shapeOf('choice', request.of.kind, filtersOf(request.of), request.images, sizeOf(request));

export const systemShape = (system: KernelSystem): string => {
  const { features, trainImages, testImages } = system;
  return shapeOf('system', features.kind, filtersOf(features), trainImages, testImages, sizeOf(system));
};

const whole = (dataset: DatasetId) => sizeOf({ dataset, view: 'whole' });

const Descent = z.object({ dataset: DatasetId, points: z.int(), testImages: z.int() });
export const descentShape = ({ dataset, points, testImages }: z.infer<typeof Descent>): string =>
  shapeOf('descent', points, testImages, whole(dataset));

const Interpolants = z.object({ dataset: DatasetId, train: z.int(), test: z.int(), choosing: z.int() });
export const interpolantsShape = ({ dataset, ...sizes }: z.infer<typeof Interpolants>): string =>
  shapeOf('interpolants', sizes.train, sizes.test, sizes.choosing, whole(dataset));

/** Of those that were done in one go. */
const Choice = ChoiceRequest.extend({ kept: z.literal(0) });
const System = KernelSystem.extend({ l2: z.number() });

const CRATE =
  /^(kernels\/(?:choices\/)?[0-9a-f]{20}|linear\/(?:descent|interpolants)\/[0-9a-f]{20})\/ro-crate-metadata\.json$/;

/** here: whether a record's machine is the one that is asked about. */
export async function readSolveTimes(store: Store, here: (origin: Origin) => boolean): Promise<SolveTime[]> {
  const folders: string[] = [];
  for (const prefix of ['kernels/', 'linear/']) {
    for await (const { key } of store.list(prefix)) folders.push(...(CRATE.exec(key)?.slice(1) ?? []));
  }
  const times = await Promise.all(folders.map((folder) => unlessDamaged(() => timesOf(store, folder, here))));
  return times.flatMap((time) => time ?? []);
}

async function timesOf(
  store: Store,
  folder: string,
  here: (origin: Origin) => boolean,
): Promise<SolveTime[]> {
  const crate = await store.read(`${folder}/ro-crate-metadata.json`);
  const origin = crate && readOrigin(crate.bytes);
  if (!origin || !here(origin)) return [];
  const parameters = Object.fromEntries(origin.parameters);
  const seconds = (origin.endedAt.getTime() - origin.startedAt.getTime()) / 1000;
  const system = System.safeParse(parameters).data;
  if (system) {
    const { l2, ...rest } = system;
    const spent = await store.read(`${folder}/time.json`); // of all attempts
    if (!spent) return [];
    const time = SolvingTime.parse(JSON.parse(spent.bytes.toString()));
    return [{ shape: systemShape(rest), l2, seconds: time.seconds }];
  }
  const choice = Choice.safeParse(parameters).data;
  if (choice) return [{ shape: choiceShape(choice), l2: null, seconds }];
  const descent = Descent.safeParse(parameters).data;
  if (descent) return [{ shape: descentShape(descent), l2: null, seconds }];
  const interpolants = Interpolants.safeParse(parameters).data;
  return interpolants ? [{ shape: interpolantsShape(interpolants), l2: null, seconds }] : [];
}
