import { defineConfig } from 'vitest/config';
import { environment } from './infra/setup/paths.mjs';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Bits are compared, and a GPU sums in another order.
    env: { ...environment(), RETHINKING_DEVICE: 'cpu', CUDA_VISIBLE_DEVICES: '-1' },
    // TensorFlow's binding loads once a process and not in worker threads.
    pool: 'forks',
    // One file after another: two local stacks that start at the same moment may choose the same free port.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
