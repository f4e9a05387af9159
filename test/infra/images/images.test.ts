/** The images' files and the compose file, read; nothing here starts a container. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { VERSITYGW } from '../../../infra/setup/pins.mjs';
import { readConfig } from '../../../worker/config.ts';
import { endpointOf } from '../../../worker/metrics/endpoint.ts';
import { FORCE_SECONDS } from '../../../worker/shutdown.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const read = (...path: string[]) => readFileSync(join(ROOT, ...path), 'utf8');

/** `INSTRUCTION arguments`, lines joined and comments gone. */
const instructionsOf = (image: string) =>
  read('infra', 'images', `${image}.Dockerfile`)
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter(Boolean);
const finalStageOf = (image: string) => {
  const all = instructionsOf(image);
  return all.slice(all.findLastIndex((line) => line.startsWith('FROM ')));
};

test.each(['worker', 's3'])('%s runs as a number that is not root, so that a cluster can tell', (image) => {
  expect(finalStageOf(image)).toContain('USER 65532:65532');
});

test.each(['worker', 's3'])(
  'the program of %s is process 1 itself: no shell stands between it and SIGTERM',
  (image) => {
    const started = finalStageOf(image).filter((line) => /^(ENTRYPOINT|CMD) /.test(line));
    expect(started).toHaveLength(2);
    for (const line of started)
      expect(z.array(z.string()).parse(JSON.parse(line.replace(/^\w+ /, '')))).not.toContain('sh');
  },
);

test('what a worker writes lies in the two folders that the image declares writable', () => {
  const worker = finalStageOf('worker').join('\n');
  expect(worker).toContain('VOLUME ["/var/cache/rethinking", "/tmp"]');
  expect(worker).toMatch(
    /HOME=\/tmp\b.*RETHINKING_CACHE=\/var\/cache\/rethinking\b.*RETHINKING_PULSE_FILE=\/tmp\//,
  );
  expect(instructionsOf('worker').join('\n')).toContain('workflowBundle()'); // else the first light worker writes it
});

test('the S3 image is of the version that set-up pins', () => {
  expect(instructionsOf('s3')).toContain(`ARG VERSION=${VERSITYGW.version}`);
});

test('only what an image is built from reaches the builder, and every file that it copies is let through', () => {
  const lines = read('.dockerignore')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'));
  expect(lines[0]).toBe('*');
  const admitted = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  const copied = instructionsOf('worker')
    .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
    .flatMap((line) => line.split(' ').slice(1, -1));
  expect(new Set(copied.map((path) => path.split('/')[0]))).toEqual(new Set(admitted));
  for (const path of copied) expect(existsSync(join(ROOT, path))).toBe(true);
});

/** A module of ours and all that it imports of ours, as paths from the root. */
function modulesOf(path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  for (const [, from = ''] of read(path).matchAll(/\b(?:from|import)\s*\(?'(\.[^']+)'/g))
    modulesOf(join(dirname(path), from), seen);
  return seen;
}

/** Of the lines up to one that begins so, what they copy from this repository. */
function copiedBefore(beginning: string): string[] {
  const all = instructionsOf('worker');
  const before = all.slice(
    0,
    all.findIndex((line) => line.startsWith(beginning)),
  );
  return before
    .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
    .flatMap((line) => line.split(' ').slice(1, -1));
}

test.each([
  ['infra/setup.mjs', 'RUN npm run setup'],
  ['worker/main.ts', 'RUN npm run build'],
  ['worker/cli/main.ts', 'RUN npm run build'],
])('every module that %s imports is copied before `%s`', (entry, line) => {
  const copied = copiedBefore(line);
  const missing = [...modulesOf(entry)].filter(
    (path) => !copied.some((folder) => path === folder || path.startsWith(`${folder}/`)),
  );
  expect(missing).toEqual([]);
});

const Compose = z.looseObject({
  services: z.record(
    z.string(),
    z.looseObject({
      ports: z.array(z.string()).optional(),
      env_file: z.array(z.string()).optional(),
      environment: z.record(z.string(), z.string()).optional(),
      read_only: z.boolean().optional(),
      volumes: z.array(z.string()).optional(),
      stop_grace_period: z.string().optional(),
    }),
  ),
});
const composed = (file: string) =>
  Compose.parse(parse(read('infra', 'compose', file), { merge: true })).services;
const services = composed('compose.yaml');
const observing = composed('observability.yaml');

test('whatever a compose service publishes, it publishes on loopback', () => {
  const ports = [...Object.values(services), ...Object.values(observing)].flatMap(({ ports = [] }) => ports);
  expect(ports.length).toBe(5);
  for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
});

test('workers in compose have a read-only root and more time to end than they take', () => {
  for (const role of ['light', 'train']) {
    expect(services[role]?.read_only).toBe(true);
    expect(Number.parseInt(services[role]?.stop_grace_period ?? '', 10)).toBeGreaterThan(FORCE_SECONDS);
  }
});

test('workers answer Prometheus inside compose’s network alone, at the ports where it looks', () => {
  const config = read('infra', 'observability', 'prometheus.yaml');
  for (const role of ['light', 'train'] as const) {
    const told = readConfig(observing[role]?.environment ?? {});
    const port = endpointOf(told, role)?.replace('0.0.0.0:', '');
    expect(config).toContain(`names: [${role}], type: A, port: ${port},`);
    expect(observing[role]?.ports).toBeUndefined();
  }
});

test('every file that Prometheus and Grafana are given is there', () => {
  const mounts = Object.values(observing).flatMap(({ volumes = [] }) => volumes);
  const files = mounts.filter((mount) => mount.startsWith('../')).map((mount) => mount.split(':')[0] ?? '');
  expect(files).toHaveLength(5);
  for (const file of files)
    expect([file, existsSync(join(ROOT, 'infra', 'compose', file))]).toEqual([file, true]);
});

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

test('compose’s secrets are files of their owner, one a service, and stand in no other file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rethinking-compose-'));
  folders.push(folder);
  await cp(join(ROOT, 'infra', 'compose', 'make-secrets.mjs'), join(folder, 'make-secrets.mjs'));

  execFileSync(process.execPath, [join(folder, 'make-secrets.mjs')]);

  const made = readdirSync(join(folder, 'secrets'));
  expect(new Set(made.map((file) => `secrets/${file}`))).toEqual(
    new Set(Object.values(services).flatMap(({ env_file = [] }) => env_file)),
  );
  for (const file of made) expect(statSync(join(folder, 'secrets', file)).mode & 0o777).toBe(0o600);
  const variables = (await Promise.all(made.map((file) => readFile(join(folder, 'secrets', file), 'utf8'))))
    .flatMap((text) => text.trim().split('\n'))
    .map((line) => line.split('=')[0]);
  for (const { environment = {} } of Object.values(services)) {
    expect(Object.keys(environment).filter((name) => variables.includes(name))).toEqual([]);
  }
});
