import { defineConfig } from 'vitest/config';

/** `npm run check-infra` alone: these need programs that `npm test` does without. */
export default defineConfig({
  test: { include: ['test/infra/*/*.check.ts'], testTimeout: 120_000 },
});
