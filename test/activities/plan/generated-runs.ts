/** Finished runs in a store, as a trainer leaves them, with weights of one number. */
import type { Outcome, PlannedRun, UnboundRun } from '../../../activities/contract.ts';
import { planRun } from '../../../activities/identity/run-id.ts';
import type { Segment } from '../../../activities/provenance/origin.ts';
import { provenance } from '../../../activities/provenance/provenance.ts';
import * as keys from '../../../activities/store/keys.ts';
import type { Store } from '../../../activities/store/store.ts';
import { encodeSafetensors } from '../../../activities/tensorflow/safetensors.ts';
import { encodeCheckpoint } from '../../../activities/training/checkpoint.ts';
import { curveCsv } from '../../../activities/training/curve.ts';
import { PROFILES } from '../../../workflows/profiles.ts';
import { recipe } from '../../../workflows/recipe.ts';
import { environment } from '../environment.ts';

export const DATASET = { name: 'procedural', sha256: 'd'.repeat(64) } as const;

type Asked = Partial<Parameters<typeof recipe>[1]>;

/** The 1x512 MLP on true labels at the smoke profile, and what is changed. */
export const unbound = (changes: Asked = {}): UnboundRun =>
  recipe(PROFILES.smoke, {
    model: 'mlp-1x512',
    corruption: { labels: 0, pixels: 'intact' },
    seed: 1,
    ...changes,
  });

export const bound = (changes: Asked = {}): PlannedRun => planRun(DATASET, unbound(changes));

/** losses: [steps], of every step. */
export async function finish(
  store: Store,
  planned: PlannedRun,
  {
    losses = [2, 1, 0.5],
    weight = 1,
    segment,
    endedAt = new Date('2026-01-01T00:01:00Z'),
    cpu = environment.cpu,
  }: { losses?: number[]; weight?: number; segment?: Segment; endedAt?: Date; cpu?: string } = {},
): Promise<Outcome> {
  const step = losses.length;
  const link = await leaveCheckpoint(store, planned, losses);
  const weights = await store.putIfAbsent(
    keys.weights(planned),
    encodeSafetensors({ 'dense/kernel': { shape: [1], data: Float32Array.of(weight) } }, {}),
  );
  const curve = await store.putIfAbsent(
    keys.curve(planned),
    Buffer.from(curveCsv(Float32Array.from(losses))),
  );
  const evaluations = await store.putIfAbsent(
    keys.evaluations(planned),
    Buffer.from(`step,train_correct,train_images,test_correct,test_images\n${step},60,64,32,64\n`),
  );
  await store.putIfAbsent(
    keys.runProvenance(planned),
    provenance({
      title: 'A run',
      about: 'Of a test.',
      inputs: [],
      outputs: [weights, curve, evaluations],
      parameters: { ...planned.run, ...(segment && { segment }) },
      environment: { ...environment, cpu, tensorflow: '2.21.0' },
      startedAt: new Date(endedAt.getTime() - 60_000),
      endedAt,
    }),
  );
  const { step: _, ...checkpoint } = link;
  const outcome: Outcome = {
    id: planned.id,
    trajectoryId: planned.trajectoryId,
    steps: step,
    stopped: 'steps',
    firstStepAt: { 95: step, 98: null, 99: null, 100: null },
    loss: { mean: losses.at(-1)!, window: 1 },
    train: { correct: 60, images: 64 },
    test: { correct: 32, images: 64 },
    weights,
    curve,
    evaluations,
    checkpoint,
  };
  await store.putIfAbsent(keys.outcome(planned), Buffer.from(JSON.stringify(outcome)));
  return outcome;
}

/** A checkpoint after these losses, as the newest of the run's chain. */
export async function leaveCheckpoint(store: Store, planned: PlannedRun, losses: number[]) {
  const step = losses.length;
  const one = { 'dense/kernel': { shape: [1], data: Float32Array.of(step) } };
  const bytes = encodeCheckpoint(planned.trajectoryId, {
    step,
    weights: one,
    momenta: one,
    losses: Float32Array.from(losses),
    evaluations: [],
  });
  const ref = await store.putIfAbsent(keys.checkpoint(planned, step, 'abcdef01'), bytes);
  const key = keys.checkpointPointer(planned);
  const found = await store.read(key);
  const before = found ? JSON.parse(found.bytes.toString()).links : [];
  const pointer = { token: 'test', claims: 0, links: [{ ...ref, step }, ...before] };
  await store.swap(key, Buffer.from(JSON.stringify(pointer)), found?.version ?? null);
  return { ...ref, step };
}
