import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';

const Package = z.looseObject({ dependencies: z.record(z.string(), z.string()) });
const read = (path: string): unknown =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../..', path), 'utf8'));
const ours = Package.parse(read('package.json')).dependencies;
const lambda = Package.parse(read('infra/lambda/package.json')).dependencies;
const isTemporal = (name: string) => name.startsWith('@temporalio/');

test('the Lambda worker has one copy of Temporal’s SDK, at the version that its entry pins', () => {
  const { packages } = z
    .looseObject({ packages: z.record(z.string(), z.looseObject({ version: z.string().optional() })) })
    .parse(read('infra/lambda/package-lock.json'));
  const installed = Object.entries(packages).filter(([path]) =>
    /(^|\/)node_modules\/@temporalio\/[^/]+$/.test(path),
  );
  expect(installed.length).toBeGreaterThan(5);
  for (const [path, { version }] of installed) {
    expect([path, version]).toEqual([
      path.replace(/.*node_modules/, 'node_modules'),
      lambda['@temporalio/lambda-worker'],
    ]);
  }
});

test('everything else that it shares with the other workers is of the same version, so that pictures have the same bytes', () => {
  const shared = Object.entries(lambda).filter(([name]) => !isTemporal(name));
  expect(shared.length).toBeGreaterThan(5);
  for (const [name, version] of shared) expect([name, version]).toEqual([name, ours[name]]);
});
