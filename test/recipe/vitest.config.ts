import { defineConfig } from 'vitest/config';
import { environment } from '../../infra/setup/paths.mjs';

/** Not a test: records numbers. */
export default defineConfig({
  test: {
    include: ['test/recipe/record.ts'],
    pool: 'forks',
    env: { ...environment(), RETHINKING_DEVICE: 'cpu', CUDA_VISIBLE_DEVICES: '-1' },
  },
});
