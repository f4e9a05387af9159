/** TensorFlow.js on the one device that a trainer was given, and the engine for it. */
import { loadTensorFlow, type TensorFlow } from '../activities/tensorflow/load.ts';
import { findAdapter, loadWebGpu } from '../activities/tensorflow/webgpu.ts';
import type { TrainerReport } from '../activities/train-segment.ts';
import { startCompiledEngine } from '../activities/training/compiled-engine.ts';
import { startEagerEngine } from '../activities/training/eager-engine.ts';
import type { StartEngine } from '../activities/training/engine.ts';
import { type Told, trainingAdapter, trainingDevice } from './device.ts';

/** device: its name; version: of TensorFlow's library, null where it is not what computes. */
export interface LoadedDevice {
  tf: TensorFlow;
  device: string;
  version: string | null;
  startEngine: StartEngine;
}

/** Fails with DeviceMissing where the device is gone. */
export async function loadDevice(
  told: Told,
  report: (message: TrainerReport) => void,
): Promise<LoadedDevice> {
  if (told.RETHINKING_DEVICE === 'webgpu') {
    const device = trainingAdapter(told, await findAdapter());
    const { tf } = await loadWebGpu((error) => die(error, report));
    return { tf, device, version: null, startEngine: startEagerEngine };
  }
  const { tf, device: seen, version } = loadTensorFlow();
  return { tf, device: trainingDevice(told, seen), version, startEngine: startCompiledEngine };
}

/** No call throws after a failure of the device, and what is read from then on is wrong. It is told before any such
 *  reading ends: a commit in flight is of what was right, and with the process ended none follows. */
function die(error: Error, report: (message: TrainerReport) => void): never {
  report({
    kind: 'failed',
    type: 'TrainerDied',
    message: `The device failed (${error.message}): the next attempt goes on from the newest checkpoint.`,
  });
  process.exit(1);
}
