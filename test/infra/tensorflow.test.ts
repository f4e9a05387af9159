/** TensorFlow's library out of wheels: pip itself, on small wheels in a folder instead of an index. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Paths, pathsOf } from '../../infra/setup/paths.mjs';
import { PLATFORMS, type Platform, type Wheel } from '../../infra/setup/pins.mjs';
import { installTensorflow, libraryOf } from '../../infra/setup/tensorflow.mjs';

const { signal } = new AbortController();
const TAG = 'manylinux_2_27_x86_64';

let folder: string;
let index: string;
let paths: Paths;
let doing: string[];
const report = { doing: (text: string) => void doing.push(text), moved() {} };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rethinking-tensorflow-'));
  index = join(folder, 'index');
  mkdirSync(index);
  const choice = { flavour: 'cuda', told: true } as const;
  paths = pathsOf(join(folder, 'clone'), { XDG_CACHE_HOME: join(folder, 'cache') }, choice);
  doing = [];
  vi.stubEnv('PIP_NO_INDEX', '1');
  vi.stubEnv('PIP_FIND_LINKS', index);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** A wheel with these members, each holding its own name. */
function publish(name: string, members: string[]): Wheel {
  const stem = name.replaceAll('-', '_');
  const about = `${stem}-1.0.dist-info`;
  const texts = {
    ...Object.fromEntries(members.map((member) => [member, member])),
    [`${about}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: 1.0\n`,
    [`${about}/WHEEL`]: `Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: py3-none-${TAG}\n`,
  };
  const file = join(index, `${stem}-1.0-py3-none-${TAG}.whl`);
  const zip =
    'import json,sys,zipfile\nwith zipfile.ZipFile(sys.argv[1], "w") as z: [z.writestr(*m) for m in json.load(sys.stdin).items()]';
  execFileSync('python3', ['-c', zip, file], { input: JSON.stringify(texts) });
  const bytes = readFileSync(file);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { name, version: '1.0', tag: TAG, bytes: bytes.length, sha256 };
}

function platformWith(...wheels: Wheel[]): Platform {
  const { links } = PLATFORMS['linux-x64']?.cuda ?? expect.fail();
  const libraries = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
  return { ...(PLATFORMS['linux-x64'] as Platform), cuda: { wheels, keptBytes: 1000, libraries, links } };
}

const publishAll = () =>
  platformWith(
    publish('tensorflow', [
      'tensorflow/libtensorflow_cc.so.2',
      'tensorflow/libtensorflow_framework.so.2',
      'tensorflow/include/tensorflow/c/c_api.h',
      'tensorflow/include/tensorflow/cc/ops.h',
      'tensorflow/python/everything.py',
    ]),
    publish('nvidia-cusolver-cu12', ['nvidia/__init__.py', 'nvidia/cusolver/lib/libcusolver.so.11']),
    publish('nvidia-cusparse-cu12', [
      'nvidia/cusparse/lib/libcusparse.so.12',
      'nvidia/cusparse/include/cusparse.h',
    ]),
    publish('nvidia-cuda-nvcc-cu12', ['nvidia/cuda_nvcc/bin/ptxas', 'nvidia/cuda_nvcc/nvvm/libdevice.bc']),
  );

test('CUDA’s libraries lie where TensorFlow’s run path looks for them, and nothing else is kept', async () => {
  await installTensorflow({ paths, platform: publishAll(), signal }, report);

  const kept = readdirSync(paths.tensorflow, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(paths.tensorflow, join(entry.parentPath, entry.name)));
  expect(kept.sort()).toEqual([
    'include/tensorflow/c/c_api.h',
    'lib/libtensorflow.so',
    'lib/libtensorflow_cc.so.2',
    'lib/libtensorflow_framework.so',
    'lib/libtensorflow_framework.so.2',
    'nvidia/cuda_nvcc/bin/ptxas',
    'nvidia/cuda_nvcc/nvvm/libdevice.bc',
    'nvidia/cusolver/lib/libcusolver.so.11',
    'nvidia/cusparse/lib/libcusolver.so.11',
    'nvidia/cusparse/lib/libcusparse.so.12',
  ]);
  expect(readFileSync(join(paths.tensorflow, 'lib/libtensorflow.so'), 'utf8')).toBe(
    'tensorflow/libtensorflow_cc.so.2',
  );
  const linked = join(paths.tensorflow, 'nvidia/cusparse/lib/libcusolver.so.11');
  expect(relative(realpathSync(paths.tensorflow), realpathSync(linked))).toBe(
    'nvidia/cusolver/lib/libcusolver.so.11',
  );
  expect(statSync(join(paths.tensorflow, 'nvidia/cuda_nvcc/bin/ptxas')).mode & 0o111).toBe(0o111);
  expect(readdirSync(paths.cache).sort()).toEqual(['logs', basename(paths.tensorflow)]);
});

test('wheels that an interrupted set-up has fetched are not fetched again', async () => {
  const platform = publishAll();
  const { wheels } = platform.cuda ?? expect.fail();
  const later = wheels.at(-1) ?? expect.fail();
  const file = join(index, `${later.name.replaceAll('-', '_')}-1.0-py3-none-${TAG}.whl`);
  const bytes = readFileSync(file);
  rmSync(file);
  await expect(installTensorflow({ paths, platform, signal }, report)).rejects.toThrow(later.name);
  rmSync(index, { recursive: true });
  mkdirSync(index);
  writeFileSync(file, bytes); // all that there is now

  await installTensorflow({ paths, platform, signal }, report);

  expect(existsSync(join(paths.tensorflow, 'lib', 'libtensorflow_cc.so.2'))).toBe(true);
});

test('a wheel with another digest is named and removed, and nothing is installed', async () => {
  const { cuda } = publishAll();
  const [first, second] = cuda?.wheels ?? [];
  const platform = platformWith(first as Wheel, { ...(second as Wheel), sha256: '0'.repeat(64) });

  const installed = installTensorflow({ paths, platform, signal }, report);

  await expect(installed).rejects.toThrow(
    /^The wheel of nvidia-cusolver-cu12 1\.0 that pip downloaded does not have SHA-256 0{64}: it was removed, run set-up again;/,
  );
  expect(existsSync(paths.tensorflow)).toBe(false);
  expect(readdirSync(`${paths.tensorflow}.wheels`)).toEqual(['tensorflow']);
});

test('a platform without CUDA says so in one sentence', () => {
  const platform = PLATFORMS['linux-arm64'] as Platform;

  expect(() => libraryOf({ paths, platform })).toThrow(
    "TensorFlow's CUDA flavour is for Linux x64; here is Linux arm64: leave out `--gpu` and RETHINKING_DEVICE=gpu, or set up for the CPU with `npm run setup -- --cpu`.",
  );
});
