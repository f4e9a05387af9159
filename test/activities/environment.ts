import type { Environment } from '../../activities/provenance/provenance.ts';

/** Where nothing ran. */
export const environment: Environment = {
  code: { name: 'rethinking-generalization', version: '0.1.0', commit: null },
  node: '20.19.0',
  platform: 'linux x64',
  cpu: 'Some CPU',
  tensorflow: null,
  device: 'cpu',
  threads: 2,
};
