/** What trains here. A worker has the devices that `infra/device` chooses and TensorFlow or WebGPU sees, and fails rather
 *  than train on the CPU because a GPU is missing. */
import { Failure } from '../activities/failure/failure.ts';
import {
  type Adapter,
  type Chosen,
  confirm,
  confirmAdapter,
  type Device,
  type Refusal,
  type Sought,
  sentenceOf,
  type Tried,
  titleOfAdapter,
} from '../infra/device/choose.mjs';
import type { Config } from './config.ts';

/** How a machine is asked about its devices. */
export interface Probes {
  choose(): Chosen | Refusal;
  /** What TensorFlow says when this device is all it has. */
  tryDevice(device: Device): Promise<Tried>;
  seekAdapter(device: Device): Promise<Sought>;
}

/** The devices of this worker, at least one; each takes one training at a time. Of several, one that TensorFlow sees is
 *  enough. */
export async function findDevices({ choose, tryDevice, seekAdapter }: Probes): Promise<Device[]> {
  const chosen = choose();
  if ('fact' in chosen) throw refused(chosen);
  const answers = await Promise.all(
    chosen.devices.map(async (device) => {
      const one: Chosen = { devices: [device], idle: 0 };
      if (device.kind === 'cpu') return one;
      if (device.kind === 'webgpu') return confirmAdapter(await seekAdapter(device));
      const tried = await tryDevice(device);
      return confirm(one, () => tried);
    }),
  );
  const devices = answers.flatMap((answer) => ('fact' in answer ? [] : answer.devices));
  const refusal = answers.find((answer) => 'fact' in answer);
  if (devices.length === 0 && refusal) throw refused(refusal);
  return devices;
}

const refused = (refusal: Refusal) =>
  new Failure('DeviceMissing', `No training will start: ${sentenceOf(refusal)}`);

/** What a process that has one device is told: it obeys that and looks for no other. */
export function variablesOf(device: Device): Record<string, string> {
  switch (device.kind) {
    case 'cpu':
      return { RETHINKING_DEVICE: 'cpu', CUDA_VISIBLE_DEVICES: '-1' }; // or the CUDA flavour would take a GPU
    case 'webgpu':
      return { RETHINKING_DEVICE: 'webgpu', ...(device.name && { RETHINKING_DEVICE_NAME: device.name }) };
    case 'gpu':
      return {
        RETHINKING_DEVICE: 'gpu',
        RETHINKING_DEVICE_NAME: device.name,
        CUDA_VISIBLE_DEVICES: device.id,
        TF_FORCE_GPU_ALLOW_GROWTH: 'true', // the trainer before may still be giving its memory back
      };
  }
}

export type Told = Pick<Config, 'RETHINKING_DEVICE' | 'RETHINKING_DEVICE_NAME'>;

/** The name of what trains, for progress and provenance. `seen`: what TensorFlow runs on in this process. */
export function trainingDevice(told: Told, seen: 'cpu' | 'gpu'): string {
  const { RETHINKING_DEVICE: asked, RETHINKING_DEVICE_NAME: name } = told;
  if (seen === 'gpu') return name ?? 'gpu';
  if (asked !== 'gpu') return 'cpu';
  throw new Failure(
    'DeviceMissing',
    `This training was given ${name ?? 'a GPU'} and TensorFlow sees none any more: another worker takes over; look at \`nvidia-smi\`.`,
  );
}

/** The name of the adapter that trains. `seen`: what WebGPU finds in this process, which may be a software one where a
 *  GPU is gone. */
export function trainingAdapter({ RETHINKING_DEVICE_NAME: given }: Told, seen: Adapter | null): string {
  const name = seen && titleOfAdapter(seen);
  if (name && name === (given ?? name)) return name;
  throw new Failure(
    'DeviceMissing',
    `This training was given ${given ?? 'a GPU'} and WebGPU finds ${name ?? 'none'} now: another worker takes over; look at its driver.`,
  );
}
