/** The devices of this machine, as this process's TensorFlow could have them. Also the worker's. */
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { chooseDevices } from './choose.mjs';
import { listGpus } from './nvidia.mjs';

/** @param {object} here
 *  @param {string | undefined} here.asked RETHINKING_DEVICE; `auto` where nothing is said
 *  @param {string | undefined} here.visible CUDA_VISIBLE_DEVICES
 *  @param {string} here.lib the folder of TensorFlow's library, where the package looks for it */
export const devicesHere = ({ asked = 'auto', visible, lib }) =>
  chooseDevices({ asked, cuda: hasCuda(lib), visible }, () => listGpus(process.env));

/** The CUDA flavour has NVIDIA's libraries beside TensorFlow's.
 *  @param {string} lib a link into the cache */
const hasCuda = (lib) => existsSync(lib) && existsSync(join(realpathSync(lib), '..', 'nvidia'));
