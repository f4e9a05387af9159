/** What trains here. A worker has the devices that `infra/device` chooses and TensorFlow sees, and fails rather than
 *  train on the CPU because a GPU is missing. */
import { Failure } from '../activities/failure/failure.ts';
import {
  type Chosen,
  confirm,
  type Device,
  type Refusal,
  sentenceOf,
  type Tried,
} from '../infra/device/choose.mjs';

/** How a machine is asked about its devices. */
export interface Probes {
  choose(): Chosen | Refusal;
  /** What TensorFlow says when this device is all it has. */
  tryDevice(device: Device): Promise<Tried>;
}

/** The devices of this worker, at least one; each takes one training at a time. One that TensorFlow sees is enough. */
export async function findDevices({ choose, tryDevice }: Probes): Promise<Device[]> {
  const chosen = choose();
  if ('fact' in chosen) throw refused(chosen);
  const answers = await Promise.all(
    chosen.devices.map(async (device) => {
      const one: Chosen = { devices: [device], idle: 0 };
      if (device.kind === 'cpu') return one;
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
export const variablesOf = (device: Device): Record<string, string> =>
  device.kind === 'cpu'
    ? { RETHINKING_DEVICE: 'cpu', CUDA_VISIBLE_DEVICES: '-1' } // or the CUDA flavour would take a GPU
    : {
        RETHINKING_DEVICE: 'gpu',
        RETHINKING_DEVICE_NAME: device.name,
        CUDA_VISIBLE_DEVICES: device.id,
        TF_FORCE_GPU_ALLOW_GROWTH: 'true', // the trainer before may still be giving its memory back
      };

/** The name of what trains, for progress and provenance. `seen`: what TensorFlow runs on in this process. */
export function trainingDevice(
  told: { RETHINKING_DEVICE: 'auto' | 'cpu' | 'gpu'; RETHINKING_DEVICE_NAME?: string },
  seen: 'cpu' | 'gpu',
): string {
  const { RETHINKING_DEVICE: asked, RETHINKING_DEVICE_NAME: name } = told;
  if (seen === 'gpu') return name ?? 'gpu';
  if (asked !== 'gpu') return 'cpu';
  throw new Failure(
    'DeviceMissing',
    `This training was given ${name ?? 'a GPU'} and TensorFlow sees none any more: another worker takes over; look at \`nvidia-smi\`.`,
  );
}
