/** Memory of the devices that train. NVIDIA's driver is asked about its GPUs; on the CPU it is the process that computes,
 *  which tells its own (`child.ts`), beside what this worker may use at most. */
import { execFile } from 'node:child_process';
import { totalmem } from 'node:os';
import { promisify } from 'node:util';
import type { Device } from '../../infra/device/choose.mjs';
import { MEMORY_QUERY, parseMemory } from '../../infra/device/nvidia.mjs';
import type { Meters } from './meters.ts';

const EVERY_MS = 15_000;
const ANSWER_MS = 10_000;

/** `cpu`, or a GPU's name and its number among this worker's: two of a kind are told apart. */
export const deviceLabel = (device: Device, number: number): string =>
  device.kind === 'gpu' ? `gpu ${number} ${device.name}` : device.kind;

/** Until the process ends. A slice of a GPU (MIG) has no numbers of its own, so none are shown. */
export function watchDeviceMemory(devices: Device[], meters: Meters): void {
  const gpus = new Map<string, string>();
  for (const [number, device] of devices.entries()) {
    const label = deviceLabel(device, number);
    if (device.kind === 'gpu') gpus.set(device.id, label);
    else meters.memoryTotal.set(memoryLimit(), { device: label });
  }
  if (gpus.size === 0) return;
  const look = async () => {
    const { stdout } = await promisify(execFile)('nvidia-smi', MEMORY_QUERY, { timeout: ANSWER_MS });
    for (const { id, usedBytes, totalBytes } of parseMemory(stdout)) {
      const device = gpus.get(id);
      if (!device) continue;
      meters.memoryUsed.set(usedBytes, { device });
      meters.memoryTotal.set(totalBytes, { device });
    }
  };
  const unlessSilent = () => void look().catch(() => {}); // a GPU that is lost ends its worker by itself
  unlessSilent();
  setInterval(unlessSilent, EVERY_MS).unref();
}

/** Bytes that a container may use, or the machine has. */
function memoryLimit(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}
