/** Where Prometheus reads a worker's metrics, Temporal's own and ours: nowhere unless the environment says so. Temporal's
 *  SDK serves them from its own threads, so no request ever waits for us, nor we for one. */
import type { TelemetryOptions } from '@temporalio/worker';
import { Failure } from '../../activities/failure/failure.ts';
import type { Config } from '../config.ts';
import { BUCKETS } from './meters.ts';

export type Role = 'light' | 'train';

const LOOPBACK = '127.0.0.1';
const LAST_PORT = 65_535;

/** `ADDRESS:PORT` of a role. One setting serves both workers of a command: light ones take its port, train ones the next. */
export function endpointOf({ RETHINKING_METRICS_ADDRESS: given }: Config, role: Role): string | null {
  if (given === undefined) return null;
  const [, address = LOOPBACK, port] = /^(?:(.+):)?(\d+)$/.exec(given) ?? [];
  const own = Number(port) + (role === 'train' ? 1 : 0);
  if (own >= 1 && own <= LAST_PORT) return `${address}:${own}`;
  throw new Failure(
    'InvalidInput',
    `RETHINKING_METRICS_ADDRESS=${given} gives ${role} workers port ${own}: name one from 1 to ${LAST_PORT - 1}.`,
  );
}

/** Names as Prometheus wants them: counters end in `_total`, times are seconds and say so. */
export const telemetryAt = (bindAddress: string): TelemetryOptions => ({
  metrics: {
    prometheus: {
      bindAddress,
      countersTotalSuffix: true,
      unitSuffix: true,
      useSecondsForDurations: true,
      histogramBucketOverrides: BUCKETS,
    },
  },
});

/** What the SDK says where it cannot listen, as a sentence for whoever named the address. */
export function cannotListen(bindAddress: string, error: unknown): Failure {
  const reason = error instanceof Error ? error.message.replace(/^.*exporter: /, '') : String(error);
  return new Failure(
    'InvalidInput',
    `Metrics cannot be served at ${bindAddress} (${reason}): name another place with RETHINKING_METRICS_ADDRESS, or none.`,
  );
}
