/** The environment of tests that compute: on the CPU, since bits are compared and a GPU sums in another order, and as
 *  trainers compute there. */
import { TRAINING_ENVIRONMENT } from '../activities/tensorflow/environment.ts';
import { environment } from '../infra/setup/paths.mjs';

export const computing = {
  ...environment(),
  TF_ENABLE_ONEDNN_OPTS: TRAINING_ENVIRONMENT.TF_ENABLE_ONEDNN_OPTS,
  RETHINKING_DEVICE: 'cpu',
  CUDA_VISIBLE_DEVICES: '-1',
};
