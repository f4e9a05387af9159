/** Solved kernel systems in the store. A system and its λ are named by their content; `ro-crate-metadata.json` is
 *  written last, so that a solution is there whole or not at all. */
import { KernelSolution, type KernelSystem, type SolvedKernel, SolvingTime } from '../contract.ts';
import { contentId } from '../identity/identity.ts';
import type { CheckpointPlace } from './checkpoint-chain.ts';
import * as keys from './keys.ts';
import type { Store } from './store.ts';

export const kernelId = (system: KernelSystem, l2: number): string => contentId({ ...system, l2 });

export const checkpointsOfKernel = (id: string): CheckpointPlace => ({
  name: `Kernel system ${id}`,
  pointer: keys.kernelPointer(id),
  checkpoints: keys.checkpointsOfKernel(id),
  checkpoint: (iteration, attempt) => keys.kernelCheckpoint(id, iteration, attempt),
});

/** Null where it is not there whole. */
export async function findSolved(store: Store, id: string): Promise<SolvedKernel | null> {
  const files = ['solution.json', 'time.json', 'alpha.npy', 'ro-crate-metadata.json'];
  const refs = await Promise.all(files.map((file) => store.head(keys.kernel(id, file))));
  const [solution, time, alpha, provenance] = refs;
  if (!solution || !time || !alpha || !provenance) return null;
  const [numbers, spent] = await Promise.all(
    [solution, time].map(async (ref) => String(await store.get(ref))),
  );
  return {
    ...KernelSolution.parse(JSON.parse(numbers!)),
    time: SolvingTime.parse(JSON.parse(spent!)),
    provenance,
  };
}

/** What is there already stays: of two that race, one writes and the other adopts. */
export async function keepSolved(
  store: Store,
  {
    solution,
    alpha,
    time,
    provenance,
  }: {
    solution: Omit<KernelSolution, 'alpha'>;
    alpha: Buffer;
    time: SolvingTime;
    provenance: (outputs: SolvedKernel['alpha'][]) => Buffer;
  },
): Promise<SolvedKernel> {
  const { id } = solution;
  const json = (value: object) => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
  const array = await store.putIfAbsent(keys.kernel(id, 'alpha.npy'), alpha);
  const whole: KernelSolution = { ...solution, alpha: array };
  const numbers = await store.putIfAbsent(keys.kernel(id, 'solution.json'), json(whole), 'application/json');
  await store.putIfAbsent(keys.kernel(id, 'time.json'), json(time), 'application/json');
  await store.putIfAbsent(
    keys.kernel(id, 'ro-crate-metadata.json'),
    provenance([array, numbers]),
    'application/ld+json',
  );
  return (await findSolved(store, id))!;
}
