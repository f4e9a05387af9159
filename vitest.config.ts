import { defineConfig } from 'vitest/config';
import { environment } from './infra/setup/paths.mjs';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    env: environment(),
    // TensorFlow's binding loads once a process and not in worker threads.
    pool: 'forks',
    // Two cores: one file of native code beside one of everything else.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
