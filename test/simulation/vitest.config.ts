import { defineConfig } from 'vitest/config';
import { environment } from '../../infra/setup/paths.mjs';

/** Not a test: measures. */
export default defineConfig({
  test: {
    include: ['test/simulation/main.ts'],
    pool: 'forks',
    globalSetup: 'test/workflows/bundle-once.ts',
    env: environment(),
    disableConsoleIntercept: true,
  },
});
