/** Lines of JSON on standard output, one an event: time (milliseconds), level (30 is info), name, msg, and who is meant.
 *  `workflowId`, `runId` (Temporal's), `activityId`, `attempt` and `taskQueue` stand in every line about an activity,
 *  `trainingRunId` where it trains, `trace_id` and `span_id` where it is traced. No line shows a secret of the
 *  environment, whoever wrote it. */
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { DefaultLogger, type LogLevel, type RuntimeOptions } from '@temporalio/worker';
import pino, { type DestinationStream, type Logger } from 'pino';
import { logLevel, secretsOf } from './config.ts';
import { withoutSecrets } from './secrets.ts';

export type { Logger } from 'pino';

export function openLog(
  name: string,
  {
    fields = {},
    ids = () => ({}),
    environment = process.env,
    destination,
  }: {
    /** In every line. */
    fields?: object;
    /** Of the span that is active when a line is written. */
    ids?: () => object;
    environment?: NodeJS.ProcessEnv;
    /** Standard output. */
    destination?: DestinationStream;
  } = {},
): Logger {
  return pino(
    {
      name,
      level: logLevel(environment),
      base: { pid: process.pid, ...fields },
      mixin: ids,
      // Some variables are told later than the log is opened, so they are looked at for each line.
      hooks: { streamWrite: (line) => withoutSecrets(line, secretsOf(environment).map(inJson)) },
    },
    destination ?? pino.destination(1),
  );
}

const inJson = (text: string) => JSON.stringify(text).slice(1, -1);

// How TensorFlow's lines begin: a letter for the level, month and day.
const NATIVE_LEVELS = { I: 'info', W: 'warn', E: 'error', F: 'fatal' } as const;
const isNativeLevel = (letter: string): letter is keyof typeof NATIVE_LEVELS => letter in NATIVE_LEVELS;

/** What a process says on its standard error, TensorFlow's library above all, a line of the log each: written past the log
 *  it would land in the middle of a line. */
export function logText(stream: Readable | null, log: Logger): void {
  if (!stream) return;
  createInterface(stream).on('line', (line) => {
    const [, letter = ''] = /^([IWEF])\d{4} /.exec(line) ?? [];
    log[isNativeLevel(letter) ? NATIVE_LEVELS[letter] : 'info'](line);
  });
}

const TEMPORAL_LEVELS = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
} as const satisfies Record<LogLevel, string>;

/** What Temporal's SDK says, its native part included, and what activities and workflows say through it. */
export function temporalLog(log: Logger): Pick<RuntimeOptions, 'logger'> & {
  telemetryOptions: { logging: { forward: object } };
} {
  return {
    logger: new DefaultLogger('TRACE', ({ level, message, meta = {} }) => {
      // A task token would let its reader end the activity; a worker's options hold its connection.
      const { taskToken: _, options: __, workflowRunId: runId, error: err, ...said } = meta;
      // The run under one name in all lines, an error under the one that pino writes out.
      log[TEMPORAL_LEVELS[level]]({ ...said, ...(runId && { runId }), ...(err && { err }) }, message);
    }),
    telemetryOptions: { logging: { forward: {} } },
  };
}
