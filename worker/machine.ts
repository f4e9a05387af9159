/** This machine, asked about its devices. */
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Device } from '../infra/device/choose.mjs';
import { devicesHere } from '../infra/device/here.mjs';
import type { Config } from './config.ts';
import { type Probes, variablesOf } from './device.ts';

const ANSWER_MS = 120_000; // a GPU that nobody has used since the boot takes its time

export const askMachine = (config: Config): Probes => ({
  choose() {
    const tfjs = createRequire(import.meta.url).resolve('@tensorflow/tfjs-node-gpu/package.json');
    return devicesHere({
      asked: config.RETHINKING_DEVICE,
      visible: config.CUDA_VISIBLE_DEVICES,
      lib: join(dirname(tfjs), 'deps', 'lib'),
    });
  },
  tryDevice: lookAt,
  seekAdapter: lookAt,
});

async function lookAt(device: Device) {
  const env = { ...process.env, ...variablesOf(device), TF_CPP_MIN_LOG_LEVEL: '0' };
  const look = join(import.meta.dirname, 'look-at-device.js');
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [look, device.kind], {
      env,
      timeout: ANSWER_MS,
    });
    return { ...JSON.parse(stdout), log: stderr };
  } catch (error) {
    return { problem: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
  }
}
