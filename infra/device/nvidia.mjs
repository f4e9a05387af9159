/** NVIDIA's driver and the devices that it shows here. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What one training can have: a whole GPU, or a slice of one that is divided (MIG).
 *  @typedef {{ id: string, index: number, name: string }} Gpu `id`: as CUDA_VISIBLE_DEVICES takes it */

/** @typedef {{ gpus: Gpu[], problem: string | null }} Found why there is none, in the driver's own words */

const ANSWER_MS = 30_000; // the first question after a boot starts the driver

/** Whether programs can use an NVIDIA driver here. It only looks at files, because every command asks. The kernel's own
 *  file shows in containers that were given no GPU too, hence nvidia-smi, which comes with the driver's libraries.
 *  @param {NodeJS.ProcessEnv} environment
 *  @param {(path: string) => boolean} [exists] */
export function hasDriver(environment, exists = existsSync) {
  const onPath = () =>
    (environment.PATH ?? '').split(delimiter).some((folder) => exists(join(folder, 'nvidia-smi')));
  return (
    exists('/dev/nvidiactl') ||
    exists('/usr/lib/wsl/lib/libcuda.so.1') ||
    (exists('/proc/driver/nvidia/version') && onPath())
  );
}

/** @param {NodeJS.ProcessEnv} environment
 *  @returns {Found} */
export function listGpus(environment) {
  const { text, problem } = ask(['-L'], environment);
  const gpus = parseList(text);
  return { gpus, problem: gpus.length > 0 ? null : (problem ?? 'nvidia-smi lists no device') };
}

/** The driver's version, or null where it does not answer.
 *  @param {NodeJS.ProcessEnv} environment */
export function driverVersion(environment) {
  const { text, problem } = ask(['--query-gpu=driver_version', '--format=csv,noheader'], environment);
  return problem === null ? (/^[\d.]+/.exec(text)?.[0] ?? null) : null;
}

/** @param {string} text of `nvidia-smi -L`
 *  @returns {Gpu[]} */
export function parseList(text) {
  /** @type {(Gpu & { slices: Gpu[] })[]} */
  const gpus = [];
  for (const line of text.split('\n')) {
    const [, index, name, id] = /^GPU (\d+): (.+) \(UUID: (.+)\)$/.exec(line) ?? [];
    if (index && name && id) gpus.push({ id, index: Number(index), name, slices: [] });
    const [, size, slice] = /^\s+MIG (\S+)\s+Device\s+\d+: \(UUID: (.+)\)$/.exec(line) ?? [];
    const whole = gpus.at(-1);
    if (size && slice && whole)
      whole.slices.push({ id: slice, index: whole.index, name: `${whole.name} MIG ${size}` });
  }
  return gpus.flatMap(({ slices, ...whole }) => (slices.length > 0 ? slices : [whole]));
}

/** What asks the driver about memory. */
export const MEMORY_QUERY = [
  '--query-gpu=uuid,memory.used,memory.total',
  '--format=csv,noheader,nounits', // in MiB
];

const MIB = 2 ** 20;

/** @param {string} text what it answers
 *  @returns {{ id: string, usedBytes: number, totalBytes: number }[]} */
export function parseMemory(text) {
  return text.split('\n').flatMap((line) => {
    const [, id, used, total] = /^(GPU-\S+), (\d+), (\d+)$/.exec(line.trim()) ?? [];
    return id ? [{ id, usedBytes: Number(used) * MIB, totalBytes: Number(total) * MIB }] : [];
  });
}

/** @param {string[]} args
 *  @param {NodeJS.ProcessEnv} env */
function ask(args, env) {
  const { error, status, stdout, stderr } = spawnSync('nvidia-smi', args, {
    encoding: 'utf8',
    env,
    timeout: ANSWER_MS,
  });
  if (error)
    return {
      text: '',
      problem: 'code' in error && error.code === 'ENOENT' ? 'nvidia-smi is not there' : error.message,
    };
  if (status === 0) return { text: stdout, problem: null };
  const said = `${stdout}\n${stderr}`.split('\n').find((line) => line.trim()) ?? `it ended with ${status}`;
  return { text: '', problem: `nvidia-smi: ${said.trim().replace(/\.$/, '')}` };
}
