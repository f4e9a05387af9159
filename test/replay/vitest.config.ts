import { defineConfig } from 'vitest/config';
import { environment } from '../../infra/setup/paths.mjs';

/** Not a test: makes the histories anew. */
export default defineConfig({
  test: { include: ['test/replay/record.ts'], pool: 'forks', env: environment() },
});
