/** What computes in this process. */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Numerics } from '../activities/provenance/numerics.ts';
import { computingThreads } from './config.ts';
import type { LoadedDevice } from './load-device.ts';

export const numericsOf = ({ device, version }: Pick<LoadedDevice, 'device' | 'version'>): Numerics => ({
  device,
  library: version ? `TensorFlow ${version}` : 'WebGPU',
  instructionSet: instructionSet(),
  threads: computingThreads(),
});

// What oneDNN and Eigen choose by.
const CHOSEN_BY = /^(avx|fma|amx|sve|asimd|neon|i8mm|bf16)/;

/** Vector extensions as Linux names them; elsewhere the processor's name stands for them. */
function instructionSet(): string {
  try {
    const flags = /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? '';
    const vector = flags.split(/\s+/).filter((flag) => CHOSEN_BY.test(flag));
    return `${process.arch} ${vector.sort().join(' ')}`;
  } catch {
    return `${process.arch} ${cpus()[0]?.model}`;
  }
}
