/** A process that trains on WebGPU, on SwiftShader and as compiled code (`npm test` compiles first). */
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { useSwiftShader } from '../activities/tensorflow/swiftshader.ts';

await useSwiftShader();
const folder = mkdtempSync(join(tmpdir(), 'rethinking-load-device-'));
afterAll(() => rmSync(folder, { recursive: true }));

const compiled = (name: string) => new URL(`../../dist/worker/${name}`, import.meta.url);
const withDriver = () => ({ ...process.env, LD_LIBRARY_PATH: dirname(process.env.VK_DRIVER_FILES ?? '') });

/** What a process says that loads the device, runs `code` and sends what it returns. */
async function run(code: string, environment: Record<string, string> = {}) {
  const program = join(folder, 'program.mjs');
  const lines = [
    `import { loadDevice } from '${compiled('load-device.js')}';`,
    "const told = { RETHINKING_DEVICE: 'webgpu' };",
    'const send = (message) => process.send(message);',
    'try {',
    '  const { tf, device, version } = await loadDevice(told, send);',
    `  send(await (async () => { ${code} })());`,
    '} catch (error) {',
    '  send({ type: error.type, message: error.message });',
    '}',
    'process.disconnect();',
    'process.exit(0);',
  ];
  writeFileSync(program, lines.join('\n'));
  const child = fork(program, { env: { ...withDriver(), ...environment }, silent: true });
  const messages: unknown[] = [];
  child.on('message', (message) => messages.push(message));
  const [status] = await once(child, 'close');
  return { messages, status };
}

test('a look at the device finds the adapter, and ends', () => {
  const look = [compiled('look-at-device.js').pathname, 'webgpu'];
  const { stdout, status } = spawnSync(process.execPath, look, {
    encoding: 'utf8',
    env: withDriver(),
    timeout: 30_000,
  });

  expect(JSON.parse(stdout)).toEqual({
    adapter: { name: expect.stringMatching(/swiftshader/i), isSoftware: true },
  });
  expect(status).toBe(0);
});

test('a trainer has the adapter’s name, which says that it is software, and no version of TensorFlow', async () => {
  const { messages } = await run('return { device, version, backend: tf.getBackend() };');

  expect(messages).toEqual([
    {
      device: expect.stringMatching(/swiftshader.*, software on the CPU$/i),
      version: null,
      backend: 'webgpu',
    },
  ]);
});

test('a trainer reports a failure of the device once and ends before what it reads can be used', async () => {
  const { messages, status } = await run(`
    for (let i = 0; i < 3; i++) tf.fill([2 ** 29], 1); // 2 GiB each; SwiftShader has one at most
    return [...(await tf.scalar(1).add(1).data())];
  `);

  expect(messages).toEqual([
    {
      kind: 'failed',
      type: 'TrainerDied',
      message: expect.stringMatching(
        /^The device failed \(.*Buffer size \(2147483648\) exceeds.*\): the next attempt goes on from the newest checkpoint\.$/s,
      ),
    },
  ]);
  expect(status).toBe(1);
});

test('a trainer refuses without an adapter', async () => {
  const { messages } = await run('return null;', { VK_DRIVER_FILES: '/dev/null' });

  expect(messages).toEqual([
    {
      type: 'DeviceMissing',
      message: expect.stringMatching(/^This training was given a GPU and WebGPU finds none now: /),
    },
  ]);
});
