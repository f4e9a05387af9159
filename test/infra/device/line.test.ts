import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { deviceLine } from '../../../infra/device/line.mjs';
import { type Paths, pathsOf } from '../../../infra/setup/paths.mjs';

let folder: string;
let paths: Paths;

/** A clone whose TensorFlow is a link into a cache, as set-up makes it, and a path without nvidia-smi. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rethinking-line-'));
  paths = pathsOf(join(folder, 'clone'), { XDG_CACHE_HOME: join(folder, 'cache') });
  mkdirSync(join(paths.tensorflow, 'lib'), { recursive: true });
  mkdirSync(dirname(paths.installed.lib), { recursive: true });
  symlinkSync(join(paths.tensorflow, 'lib'), paths.installed.lib);
  vi.stubEnv('PATH', folder);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test('the CPU flavour trains on the CPU', () => {
  expect(deviceLine(paths, {})).toBe(`Trainings run on the CPU (${availableParallelism()} threads).`);
});

test('without looking for it, WebGPU’s GPU trains when it is told to', () => {
  expect(deviceLine(paths, { RETHINKING_DEVICE: 'webgpu' })).toBe(
    'Trainings run on the GPU that WebGPU finds.',
  );
});

test('the CUDA flavour, which has NVIDIA’s libraries beside it, says that it will refuse', () => {
  mkdirSync(join(paths.tensorflow, 'nvidia'));

  expect(deviceLine(paths, {})).toMatch(
    /^No training will start: TensorFlow's CUDA flavour is installed and no NVIDIA GPU is to be seen \(nvidia-smi is not there\): /,
  );
});

test('the CUDA flavour trains on the CPU when it is told to', () => {
  mkdirSync(join(paths.tensorflow, 'nvidia'));

  expect(deviceLine(paths, { RETHINKING_DEVICE: 'cpu' })).toMatch(/^Trainings run on the CPU/);
});
