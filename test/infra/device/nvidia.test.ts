/** The driver and its devices, as files and a stand-in for nvidia-smi show them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { driverVersion, hasDriver, listGpus, parseList, parseMemory } from '../../../infra/device/nvidia.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rethinking-nvidia-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const environment = () => ({ PATH: folder });
const nvidiaSmi = (script: string) =>
  writeFileSync(join(folder, 'nvidia-smi'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });

test.for([
  ['a device node', ['/dev/nvidiactl'], true],
  ['WSL’s library', ['/usr/lib/wsl/lib/libcuda.so.1'], true],
  [
    'the kernel’s file, with nvidia-smi on the path',
    ['/proc/driver/nvidia/version', '/usr/bin/nvidia-smi'],
    true,
  ],
  ['the kernel’s file alone, as in a container without a GPU', ['/proc/driver/nvidia/version'], false],
  ['nvidia-smi alone, as in an image for both kinds of machine', ['/usr/bin/nvidia-smi'], false],
  ['nothing', [], false],
] as const)('of %s there is a driver: %s', ([, files, expected]) => {
  const exists = (path: string) => files.some((file) => file === path);

  expect(hasDriver({ PATH: '/usr/local/bin:/usr/bin' }, exists)).toBe(expected);
});

test('whole GPUs are devices by their ids', () => {
  const text = [
    'GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-3b1c7e0a-8d61-5d0c-9d0f-0a6f2f1f6f10)',
    'GPU 1: Tesla T4 (UUID: GPU-7f2d9c4b-2b1e-7a55-8e6e-5b0e4f8a9c21)',
    '',
  ].join('\n');

  expect(parseList(text)).toEqual([
    { id: 'GPU-3b1c7e0a-8d61-5d0c-9d0f-0a6f2f1f6f10', index: 0, name: 'NVIDIA H100 80GB HBM3' },
    { id: 'GPU-7f2d9c4b-2b1e-7a55-8e6e-5b0e4f8a9c21', index: 1, name: 'Tesla T4' },
  ]);
});

test('of a divided GPU its slices are the devices', () => {
  const text = [
    'GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-5d5ba0d6-d33d-2b2c-524d-9e3d8d2b8a77)',
    '  MIG 3g.20gb     Device  0: (UUID: MIG-c6d4f1ef-42e4-5de3-91c7-45d71c87eb3f)',
    '  MIG 3g.20gb     Device  1: (UUID: MIG-cba663e8-9bed-5b25-b243-5985ef7c9beb)',
  ].join('\n');

  expect(parseList(text)).toEqual([
    { id: 'MIG-c6d4f1ef-42e4-5de3-91c7-45d71c87eb3f', index: 0, name: 'NVIDIA A100-SXM4-40GB MIG 3g.20gb' },
    { id: 'MIG-cba663e8-9bed-5b25-b243-5985ef7c9beb', index: 0, name: 'NVIDIA A100-SXM4-40GB MIG 3g.20gb' },
  ]);
});

test('nvidia-smi is asked, and what it lists is found', () => {
  nvidiaSmi('[ "$1" = -L ] && echo "GPU 0: NVIDIA L4 (UUID: GPU-0af3)" || echo 550.54.15');

  expect(listGpus(environment())).toEqual({
    gpus: [{ id: 'GPU-0af3', index: 0, name: 'NVIDIA L4' }],
    problem: null,
  });
  expect(driverVersion(environment())).toBe('550.54.15');
});

test('without nvidia-smi there is no GPU, and that is why', () => {
  expect(listGpus(environment())).toEqual({ gpus: [], problem: 'nvidia-smi is not there' });
  expect(driverVersion(environment())).toBeNull();
});

test('a driver that does not work is quoted', () => {
  nvidiaSmi('echo "Failed to initialize NVML: Driver/library version mismatch"; exit 18');

  expect(listGpus(environment()).problem).toBe(
    'nvidia-smi: Failed to initialize NVML: Driver/library version mismatch',
  );
  expect(driverVersion(environment())).toBeNull();
});

test('a driver without a device is none', () => {
  nvidiaSmi('echo "No devices found."');

  expect(listGpus(environment())).toEqual({ gpus: [], problem: 'nvidia-smi lists no device' });
});

test('memory is told for each whole GPU in bytes; a line without numbers tells nothing', () => {
  const text = 'GPU-1f3a, 1024, 81559\nGPU-77bb, [N/A], [N/A]\n';
  expect(parseMemory(text)).toEqual([
    { id: 'GPU-1f3a', usedBytes: 1024 * 2 ** 20, totalBytes: 81559 * 2 ** 20 },
  ]);
});
