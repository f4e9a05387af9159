/** PyTorch's usual wheel for Linux x64 is built for CUDA and does not load without its libraries, 2 GB of them, even
 *  where only the CPU is used. This puts one small library in their place, whose every function answers 100: to CUDA
 *  that means that there is no device. The CPU's code is the same in all builds. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compiler } from '../setup/binding.mjs';
import { runChild } from '../setup/child.mjs';

const NO_DEVICE = 100; // cudaErrorNoDevice
const ABSENT = 'libabsent_cuda.so';
const LIBRARY = /\[(lib(?:cu|nv|nccl)[^\]]*)\]/;
/** Without the marks of a version, these are told by their names. */
const UNVERSIONED = /^(?:cuFile|cusparseLt|nccl)/;
const VERSION = /^(?:lib(?:cu|nv).*|NVSHMEM)$/;

/** Does nothing for a build without CUDA.
 *  @param {string} lib the folder `torch/lib`
 *  @param {{ log: string, signal: AbortSignal }} options */
export async function replaceCuda(lib, options) {
  if (!existsSync(join(lib, 'libtorch_cuda.so'))) return;
  const objects = readdirSync(lib)
    .filter((name) => name.endsWith('.so') && name !== ABSENT)
    .map((name) => join(lib, name));
  const functions = byVersion(objects.flatMap((object) => lines('nm', '-D', '--undefined-only', object)));
  const source = join(lib, 'absent_cuda.c');
  const versions = join(lib, 'absent_cuda.map');
  const names = [...functions.values()].flatMap((set) => [...set]);
  writeFileSync(source, names.map((name) => `int ${name}(void) { return ${NO_DEVICE}; }\n`).join(''));
  const nodes = [...functions].filter(([version]) => version !== '');
  writeFileSync(
    versions,
    nodes.map(([version, set]) => `${version} { global: ${[...set].join('; ')}; };\n`).join(''),
  );
  const flags = ['-x', 'c', '-shared', '-fPIC', '-w', '-fno-builtin', `-Wl,--version-script=${versions}`];
  await runChild(compiler, [...flags, source, '-o', join(lib, ABSENT)], options);
  const needed = objects
    .flatMap((object) => lines('readelf', '-d', object))
    .map((line) => LIBRARY.exec(line)?.[1]);
  for (const name of new Set(needed)) {
    if (name === undefined || existsSync(join(lib, name))) continue;
    symlinkSync(ABSENT, join(lib, name));
  }
  rmSync(source);
  rmSync(versions);
}

/** `cudaFree@libcudart.so.13` -> libcudart.so.13: cudaFree; what has no version comes under the empty one.
 *  @param {string[]} undefinedSymbols
 *  @returns {Map<string, Set<string>>} */
function byVersion(undefinedSymbols) {
  const found = new Map();
  for (const line of undefinedSymbols) {
    const [name = '', version = ''] = (line.trim().split(/\s+/).at(-1) ?? '').split('@');
    if (version === '' ? !UNVERSIONED.test(name) : !VERSION.test(version)) continue;
    found.set(version, (found.get(version) ?? new Set()).add(name));
  }
  return found;
}

/** @param {string} command
 *  @param {string[]} args */
const lines = (command, ...args) =>
  execFileSync(command, args, { encoding: 'utf8', maxBuffer: 64e6 }).trimEnd().split('\n');
