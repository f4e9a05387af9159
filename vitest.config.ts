import { defineConfig } from 'vitest/config';
import { environment } from './infra/setup/paths.mjs';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    env: environment(),
    // TensorFlow's binding loads once a process and not in worker threads.
    pool: 'forks',
    // One file after another: two local stacks that start at the same moment may choose the same free port.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
