import { availableParallelism } from 'node:os';
import { multiplyMatrices } from '../doctor/probes.mjs';
import { confirm, describeDevices, sentenceOf } from './choose.mjs';
import { devicesHere } from './here.mjs';

/** In one line, what trains here; about a GPU TensorFlow is asked too, which takes seconds.
 *  @param {import('../setup/paths.mjs').Paths} paths
 *  @param {NodeJS.ProcessEnv} environment */
export function deviceLine({ installed }, environment) {
  const { RETHINKING_DEVICE: asked, CUDA_VISIBLE_DEVICES: visible } = environment;
  const answer = confirm(devicesHere({ asked, visible, lib: installed.lib }), multiplyMatrices);
  return 'fact' in answer
    ? `No training will start: ${sentenceOf(answer)}`
    : describeDevices(answer, { threads: availableParallelism(), visible });
}
