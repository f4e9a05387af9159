/** What a trainer process does: it takes one order over IPC, trains a segment, reports, and ends when its parent does. */
import { Failure } from '../activities/failure/failure.ts';
import type { TrainerOrder, TrainerReport, TrainerRequest } from '../activities/train-segment.ts';
import { readConfig } from './config.ts';
import type { loadDevice } from './load-device.ts';
import { trainSegment } from './segment.ts';
import { observed } from './telemetry.ts';

export function serveTrainer(load: typeof loadDevice): void {
  const report = (message: TrainerReport) => process.send?.(message);
  const stop = new AbortController();
  process.on('disconnect', () => process.exit(1)); // the parent is gone: nobody may train for no one
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {}); // the parent decides
  process.on('message', (order: TrainerOrder) => {
    if (order.kind === 'stop') return stop.abort();
    train(order.request).then(report, (error: unknown) => report(failed(error)));
  });

  async function train(request: TrainerRequest): Promise<TrainerReport> {
    const config = readConfig();
    const { id: trainingRunId, run } = request.planned;
    const { model } = run.trajectory;
    const what = {
      name: 'trainer',
      span: 'train segment',
      fields: { trainingRunId, model },
      attributes: { 'rethinking.run.id': trainingRunId, 'rethinking.model': model },
    };
    return observed(config, what, (telemetry) =>
      trainSegment(request, { config, load, report, stop: stop.signal, ...telemetry }),
    );
  }
}

const failed = (error: unknown): TrainerReport =>
  error instanceof Failure
    ? { kind: 'failed', type: error.type, message: error.message }
    : {
        kind: 'failed',
        type: 'TrainerError',
        message: error instanceof Error ? (error.stack ?? '') : `${error}`,
      };
