/** What a finished run leaves in the store, in open formats; `outcome.json` last, so that a run is there whole or
 *  not at all. */
import type { Outcome, PlannedRun } from '../activities/contract.ts';
import { unsaltedId } from '../activities/identity/run-id.ts';
import type { Stretch } from '../activities/provenance/numerics.ts';
import type { Segment } from '../activities/provenance/origin.ts';
import { type Environment, provenance } from '../activities/provenance/provenance.ts';
import type { Link } from '../activities/store/checkpoint-chain.ts';
import * as keys from '../activities/store/keys.ts';
import type { Store } from '../activities/store/store.ts';
import { encodeSafetensors } from '../activities/tensorflow/safetensors.ts';
import type { TrainerRequest } from '../activities/train-segment.ts';
import { curveCsv, evaluationsCsv } from '../activities/training/curve.ts';
import type { Finished } from '../activities/training/loop.ts';

export async function publishRun(
  store: Store,
  {
    request: { planned, prepared },
    finished,
    checkpoint: { step: _, ...checkpoint },
    resumedFrom,
    trainingSince,
    computedOn,
    environment,
    startedAt,
    endedAt,
  }: {
    request: TrainerRequest;
    finished: Finished;
    checkpoint: Link;
    /** Where the last segment began; null: at the start. */
    resumedFrom: Link | null;
    /** When its first step began, with the data loaded and the network built. */
    trainingSince: Date;
    computedOn: Stretch[];
    environment: Environment;
    startedAt: Date;
    endedAt: Date;
  },
): Promise<Outcome> {
  const { state, stopped, firstStepAt, loss, train, test, augmented, batchNorm } = finished;
  const { run } = planned;
  await store.putIfAbsent(
    keys.trajectory(planned),
    Buffer.from(JSON.stringify(run.trajectory, null, 2)),
    'application/json',
  );
  const weights = await store.putIfAbsent(
    keys.weights(planned),
    encodeSafetensors(
      { ...state.weights, ...batchNorm },
      {
        format: 'pt',
        model: run.trajectory.model,
        trajectory: unsaltedId(run.trajectory),
        step: String(state.step),
      },
    ),
  );
  const curve = await store.putIfAbsent(keys.curve(planned), Buffer.from(curveCsv(state.losses)), 'text/csv');
  const evaluations = await store.putIfAbsent(
    keys.evaluations(planned),
    Buffer.from(evaluationsCsv(state.evaluations)),
    'text/csv',
  );
  const outcome: Outcome = {
    id: planned.id,
    trajectoryId: planned.trajectoryId,
    steps: state.step,
    stopped,
    firstStepAt,
    loss,
    train,
    test,
    ...(augmented && { augmented }),
    weights,
    curve,
    evaluations,
    checkpoint,
  };
  await store.putIfAbsent(
    keys.runProvenance(planned),
    provenance({
      title: `${run.trajectory.model}, ${state.step} steps`,
      about: `Weights, training curve and evaluations of one run.${mixed(computedOn)}`,
      inputs: prepared
        ? [prepared.train.images, prepared.train.labels, prepared.test.images, prepared.test.labels]
        : [],
      outputs: [weights, curve, evaluations],
      parameters: {
        ...run,
        computedOn,
        segment: segmentOf({ resumedFrom, startedAt, trainingSince, endedAt }),
      },
      environment,
      startedAt,
      endedAt,
    }),
    'application/ld+json',
  );
  await store.putIfAbsent(
    keys.outcome(planned),
    Buffer.from(JSON.stringify(outcome, null, 2)),
    'application/json',
  );
  return outcome;
}

/** What the last segment did, which is what the times of the record are about: `plan` takes its speed, `why` its
 *  beginning. */
function segmentOf(times: {
  resumedFrom: Link | null;
  startedAt: Date;
  trainingSince: Date;
  endedAt: Date;
}): Segment {
  const { resumedFrom, startedAt, trainingSince, endedAt } = times;
  return {
    from: resumedFrom && { step: resumedFrom.step, checkpoint: resumedFrom.key },
    startSeconds: (trainingSince.getTime() - startedAt.getTime()) / 1000,
    trainingSeconds: (endedAt.getTime() - trainingSince.getTime()) / 1000,
  };
}

/** Bytes repeat on one backend; a training that changed it on the way has those of none. */
function mixed(computedOn: Stretch[]): string {
  if (computedOn.length < 2) return '';
  const stretches = computedOn.map(
    ({ step, device, library, instructionSet, threads }) =>
      `from step ${step} on ${device}, ${library}, ${threads} threads, ${instructionSet}`,
  );
  return ` Computed on more than one backend, which sum in different orders: ${stretches.join('; ')}.`;
}

/** The curve of a training that diverged, for whoever wants to know how. */
export async function keepCurve(store: Store, planned: PlannedRun, losses: Float32Array): Promise<void> {
  await store.putIfAbsent(keys.divergedCurve(planned), Buffer.from(curveCsv(losses)), 'text/csv');
}
