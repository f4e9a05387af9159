/** Makes one of the choices that the paper leaves open, on training images alone. Scores are kept as they come, so that
 *  a crash costs one candidate. */
import { z } from 'zod';
import { type ChoiceRequest, type KernelCandidate, KernelChoice } from '../activities/contract.ts';
import { Failure } from '../activities/failure/failure.ts';
import { contentId } from '../activities/identity/identity.ts';
import { choiceId } from '../activities/kernel/candidates.ts';
import { best } from '../activities/kernel/choose.ts';
import type { See } from '../activities/kernel/machine.ts';
import { scoreChoice } from '../activities/kernel/make-choice.ts';
import { sizeOf } from '../activities/kernel/viewed-images.ts';
import { type Environment, provenance } from '../activities/provenance/provenance.ts';
import * as keys from '../activities/store/keys.ts';
import type { Store } from '../activities/store/store.ts';
import { loadSplit } from './kernel-data.ts';
import { untilStopped } from './until-stopped.ts';

const Score = z.strictObject({ errors: z.int().nullable() });

/** Null when it was stopped. */
export async function chooseKernel(
  request: ChoiceRequest,
  { store, see, stop, environment }: { store: Store; see: See; stop: AbortSignal; environment: Environment },
): Promise<KernelChoice | null> {
  const id = choiceId(request);
  const key = keys.kernelChoice(id, 'choice.json');
  const known = await store.head(key);
  if (known) return KernelChoice.parse(JSON.parse(String(await store.get(known))));

  const startedAt = new Date();
  see('images');
  const { images, labels, files } = await loadSplit(store, request, 'train', request.images);
  const scoreKey = (candidate: object) => keys.kernelChoice(id, `${contentId(candidate)}.json`);
  let kept = 0;
  const remembered = async (candidate: object) => {
    const score = await store.head(scoreKey(candidate));
    if (score) kept++;
    return score ? Score.parse(JSON.parse(String(await store.get(score)))).errors : undefined;
  };
  const candidates: KernelCandidate[] = [];
  await untilStopped(stop, see, async (unlessStopped) => {
    const own = { images, labels, d: sizeOf(request) };
    for await (const scored of scoreChoice(request, own, remembered, unlessStopped)) {
      const { errors, ...candidate } = scored;
      candidates.push(scored);
      const score = Buffer.from(JSON.stringify({ errors }));
      await store.putIfAbsent(scoreKey(candidate), score, 'application/json');
      stop.throwIfAborted();
    }
  });
  if (stop.aborted) return null;
  const chosen = best(candidates);
  if (!chosen) {
    throw new Failure(
      'InvalidInput',
      `Every kernel matrix of the first ${request.images} training images is singular: there are equal images among ` +
        'them, or too few features.',
    );
  }
  const choice: KernelChoice = { id, images: request.images, candidates, chosen };
  const made = await store.putIfAbsent(
    key,
    Buffer.from(`${JSON.stringify(choice, null, 2)}\n`),
    'application/json',
  );
  await store.putIfAbsent(
    keys.kernelChoice(id, 'ro-crate-metadata.json'),
    provenance({
      title: `Choice ${id}`,
      about: 'Leave-one-out errors of the candidates on training images, and the one with the fewest.',
      inputs: files,
      outputs: [made],
      // Scores of earlier attempts, which took none of this one's time.
      parameters: { ...request, kept },
      environment,
      startedAt,
      endedAt: new Date(),
    }),
    'application/ld+json',
  );
  return choice;
}
