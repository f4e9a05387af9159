/** The machine that a table was measured on. */
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Machine {
  cpu: string;
  cores: number;
  /** What of the processor decides speed: its widest vectors and what it knows of bfloat16. */
  flags: string[];
  memoryBytes: number;
  kernel: string;
  node: string;
  /** Before the start: load average of the last minute, and the part of all cores that others used. */
  load: number;
  busy: number;
}

const TELLING_FLAGS = /^(avx2|avx512f|avx512_bf16|amx_bf16|amx_tile|asimd|sve|bf16)$/;
const LOOK_MS = 2000;

/** Beyond this the machine is not ours alone, and ratios spread. */
export const BUSY = 0.1;

export async function describeMachine(): Promise<Machine> {
  const busy = await busyPart();
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    flags: cpuFlags().filter((flag) => TELLING_FLAGS.test(flag)),
    memoryBytes: totalmem(),
    kernel: `${type()} ${release()}`,
    node: process.version,
    load: loadavg()[0] ?? 0,
    busy,
  };
}

/** The part of all cores' time that was not idle, while we do nothing. */
async function busyPart(): Promise<number> {
  const before = coreTimes();
  await sleep(LOOK_MS);
  const after = coreTimes();
  return 1 - (after.idle - before.idle) / (after.all - before.all);
}

function coreTimes(): { idle: number; all: number } {
  const times = cpus().map(({ times }) => times);
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  return { idle: sum(times.map(({ idle }) => idle)), all: sum(times.flatMap((core) => Object.values(core))) };
}

function cpuFlags(): string[] {
  try {
    const [, flags = ''] = /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8')) ?? [];
    return flags.trim().split(' ');
  } catch {
    return []; // not Linux
  }
}
