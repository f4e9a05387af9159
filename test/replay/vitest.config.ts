import { defineConfig } from 'vitest/config';

/** Not a test: makes the histories anew. */
export default defineConfig({ test: { include: ['test/replay/record.ts'], pool: 'forks' } });
