/** The road by a project's release, against a local copy of one. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Paths, pathsOf } from '../../infra/setup/paths.mjs';
import { PLATFORMS, type Platform, TEMPORAL, type Tool, VERSITYGW } from '../../infra/setup/pins.mjs';
import { findRelease, installTool } from '../../infra/setup/tools.mjs';

const platform = PLATFORMS['linux-x64'] as Platform;
const report = { doing() {}, moved() {} };
const { signal } = new AbortController();

let folder: string;
let paths: Paths;
let server: Server;
let files: Record<string, Buffer | string>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rethinking-tools-'));
  paths = pathsOf(join(folder, 'clone'), { XDG_CACHE_HOME: join(folder, 'cache') });
  files = {};
  server = createServer(({ url = '' }, response) => {
    const body = files[url.slice(1)];
    if (body === undefined) response.writeHead(404).end();
    else response.end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

const local = (tool: Tool): Tool => ({
  ...tool,
  releases: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
});

/** Serves an archive as the project makes it, with a program that prints its name. */
function publish(tool: Tool): string {
  const { archive, member } = tool.release(platform);
  const source = join(folder, 'source');
  mkdirSync(dirname(join(source, member)), { recursive: true });
  writeFileSync(join(source, member), `#!/bin/sh\necho this is ${tool.name}\n`, { mode: 0o755 });
  const bytes = execFileSync('tar', ['-czf', '-', '-C', source, member]);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  files[archive] = bytes;
  files['checksums.txt'] = `${'0'.repeat(64)}  another.tar.gz\n${sha256}  ${archive}\n`;
  return sha256;
}

test.each([TEMPORAL, VERSITYGW])(
  '$name comes from its release, checked against the published digest',
  async (tool) => {
    const sha256 = publish(tool);

    const release = await findRelease(local(tool), platform);
    await installTool(tool, release, { paths, platform, signal }, report);

    expect(release?.sha256).toBe(sha256);
    expect(execFileSync(paths[tool.name], { encoding: 'utf8' })).toBe(`this is ${tool.name}\n`);
  },
);

test('a release without an archive for this platform is none', async () => {
  files['checksums.txt'] = `${'0'.repeat(64)}  temporal_cli_1.5.1_plan9_amd64.tar.gz\n`;

  expect(await findRelease(local(TEMPORAL), platform)).toBeNull();
});

test('a server that does not answer has no release', async () => {
  const tool = local(TEMPORAL);
  server.close();

  expect(await findRelease(tool, platform)).toBeNull();
});

test('an archive with other content than the published digest installs nothing', async () => {
  publish(TEMPORAL);
  const release = await findRelease(local(TEMPORAL), platform);
  files[TEMPORAL.release(platform).archive] = 'something else';

  const installed = installTool(TEMPORAL, release, { paths, platform, signal }, report);

  await expect(installed).rejects.toThrow('temporal-1.5.1');
  expect(existsSync(paths.temporal)).toBe(false);
});

test('a program that does not run is not installed', async () => {
  publish(VERSITYGW);
  const { archive, member } = VERSITYGW.release(platform);
  writeFileSync(join(folder, 'source', member), '#!/bin/sh\nexit 1\n');
  const bytes = execFileSync('tar', ['-czf', '-', '-C', join(folder, 'source'), member]);
  files[archive] = bytes;
  files['checksums.txt'] = `${createHash('sha256').update(bytes).digest('hex')}  ${archive}\n`;
  const release = await findRelease(local(VERSITYGW), platform);

  const installed = installTool(VERSITYGW, release, { paths, platform, signal }, report);

  await expect(installed).rejects.toThrow('versitygw 1.8.0 was installed but does not run');
  expect(existsSync(paths.versitygw)).toBe(false);
});
