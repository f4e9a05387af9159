/** The solver process: it takes one order over IPC, solves or chooses, reports, and ends when its parent does. */
import type { KernelChoice, SolvedKernel } from '../activities/contract.ts';
import { Failure } from '../activities/failure/failure.ts';
import type { SolverOrder, SolverReport } from '../activities/solve-kernel.ts';
import { loadTensorFlow } from '../activities/tensorflow/load.ts';
import { chooseKernel } from './choose-kernel.ts';
import { type Config, describeEnvironment, readConfig } from './config.ts';
import { trainingDevice } from './device.ts';
import type { Logger } from './log.ts';
import { openChildStore } from './metrics/child.ts';
import { solveSystem } from './solve-kernel.ts';
import { observed } from './telemetry.ts';

type Order = Exclude<SolverOrder, { kind: 'stop' }>;

const report = (message: SolverReport) => process.send?.(message);
const stop = new AbortController();
process.on('disconnect', () => process.exit(1)); // the parent is gone: nobody may compute for no one
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {}); // the parent decides
process.on('message', (order: SolverOrder) => {
  if (order.kind === 'stop') return stop.abort();
  solve(order).then(
    (result) => report({ kind: 'ended', result }),
    (error: unknown) =>
      report(
        error instanceof Failure
          ? { kind: 'failed', type: error.type, message: error.message }
          : {
              kind: 'failed',
              type: 'TrainerError',
              message: error instanceof Error ? (error.stack ?? '') : `${error}`,
            },
      ),
  );
});

async function solve(order: Order): Promise<KernelChoice | SolvedKernel[] | null> {
  const config = readConfig();
  const subject = subjectOf(order);
  const what = {
    name: 'solver',
    span: order.kind === 'choose' ? 'choose kernel' : 'solve kernel',
    fields: { subject },
    attributes: { 'rethinking.subject': subject },
  };
  return observed(config, what, ({ log }) => work(order, config, log));
}

async function work(
  order: Order,
  config: Config,
  log: Logger,
): Promise<KernelChoice | SolvedKernel[] | null> {
  const store = openChildStore(config, report);
  const see = (stretch: string) => {
    log.debug(stretch);
    report({ kind: 'progress', progress: { stretch: `${subjectOf(order)}: ${stretch}` } });
  };
  if (order.kind === 'choose') {
    const environment = describeEnvironment(config);
    return chooseKernel(order.request, { store, see, stop: stop.signal, environment });
  }
  const { device: seen, version } = loadTensorFlow();
  const device = trainingDevice(config, seen); // not WebGPU, which has no float64
  return solveSystem(order.request, {
    store,
    token: order.token,
    environment: describeEnvironment(config, device, version),
    checkpointSeconds: config.RETHINKING_CHECKPOINT_SECONDS,
    see,
    stop: stop.signal,
  });
}

const FEATURES = { pixels: 'pixels', gabor: 'Gabor wavelets', 'random-filters': 'random convolutional net' };

function subjectOf(order: Order): string {
  const { dataset } = order.kind === 'choose' ? order.request : order.request.system;
  const { kind } = order.kind === 'choose' ? order.request.of : order.request.system.features;
  return `${dataset.name}, ${FEATURES[kind]}${order.kind === 'choose' ? ', choosing' : ''}`;
}
