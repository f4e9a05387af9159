import { once } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { type Logger, logText, openLog, temporalLog } from '../../worker/log.ts';

function recorder() {
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  return { lines, destination };
}

const parsed = (lines: string[]) => lines.map((line): Record<string, unknown> => JSON.parse(line));

/** Lines that `write` writes with this environment. */
function logged(environment: NodeJS.ProcessEnv, write: (log: Logger) => void) {
  const { lines, destination } = recorder();
  write(openLog('test', { fields: { workflowId: 'train-1' }, environment, destination }));
  return parsed(lines);
}

const SECRETS = {
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG',
  AWS_SESSION_TOKEN: 'FwoGZXIvYXdzEB',
  TEMPORAL_API_KEY: 'tmprl-key',
  TEMPORAL_TLS_CLIENT_KEY_DATA: '-----BEGIN KEY-----\nMIIE"vQ\n-----END KEY-----',
  RETHINKING_ALERT_URL: 'https://hooks.example/T0KEN',
  OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20c0llector,x-tenant=none',
};

test('no secret of the environment stands in a line, whether in a text, a field, an error or a link', () => {
  const values = [...Object.values(SECRETS).slice(0, 5), 'Bearer%20c0llector', 'Bearer c0llector'];

  const lines = logged(SECRETS, (log) => {
    for (const value of values) {
      log.info(`with ${value} in the text`);
      log.info({ deep: [{ value }] }, 'in a field');
      log.error(Object.assign(new Error(`refused: ${value}`), { request: { headers: { value } } }));
    }
    log.info('GET https://me:pa55word@host/a?X-Amz-Credential=AKIA%2Fus&X-Amz-Signature=5166&x=1');
  });

  const text = JSON.stringify(lines);
  for (const value of [...values, 'pa55word', 'AKIA', '5166']) {
    expect(text).not.toContain(JSON.stringify(value).slice(1, -1));
  }
  expect(lines[0]).toMatchObject({ msg: 'with [secret] in the text', workflowId: 'train-1' });
  expect(lines.at(-1)?.msg).toBe(
    'GET https://me:[secret]@host/a?X-Amz-Credential=[secret]&X-Amz-Signature=[secret]&x=1',
  );
});

test('a secret that is told after the log was opened is hidden too', () => {
  const environment: NodeJS.ProcessEnv = {};
  const [line] = logged(environment, (log) => {
    environment.AWS_SECRET_ACCESS_KEY = 'told-later';
    log.info('told-later');
  });
  expect(line?.msg).toBe('[secret]');
});

test('RETHINKING_LOG_LEVEL is the least that is logged; one that pino does not know is info', () => {
  const messages = (RETHINKING_LOG_LEVEL: string) =>
    logged({ RETHINKING_LOG_LEVEL }, (log) => {
      log.debug('debug');
      log.info('info');
      log.warn('warn');
    }).map(({ msg }) => msg);

  expect(messages('debug')).toEqual(['debug', 'info', 'warn']);
  expect(messages('warn')).toEqual(['warn']);
  expect(messages('loud')).toEqual(['info', 'warn']);
});

test('a line of Temporal’s SDK keeps its level and error and names the run one way, without the activity’s token', () => {
  const error = new Error('why');
  const meta = { workflowId: 'w', workflowRunId: 'r', activityId: '4', attempt: 2, error, taskToken: 'CiQz' };

  const [line] = logged({}, (log) => temporalLog(log).logger?.warn('Activity failed', meta));

  expect(line).toMatchObject({ level: 40, workflowId: 'w', runId: 'r', activityId: '4', attempt: 2 });
  expect(line).toMatchObject({ err: { message: 'why' } });
  expect(JSON.stringify(line)).not.toMatch(/CiQz|workflowRunId/);
});

test('what a library writes to standard error is logged line by line, at the level that it names', async () => {
  const stderr = new PassThrough();
  const { lines, destination } = recorder();
  const environment = { AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI' };
  logText(stderr, openLog('test', { environment, destination }));

  stderr.end('I0000 00:00:17.4 1 port.cc:153] oneDNN is on\nW1124 low memory\nKilled wJalrXUtnFEMI\n');
  await once(stderr, 'close');

  expect(parsed(lines).map(({ level, msg }) => [level, msg])).toEqual([
    [30, 'I0000 00:00:17.4 1 port.cc:153] oneDNN is on'],
    [40, 'W1124 low memory'],
    [30, 'Killed [secret]'],
  ]);
});
