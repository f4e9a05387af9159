import { defineConfig } from 'vitest/config';
import { computing } from '../environment.ts';

/** Not a test: records numbers. */
export default defineConfig({
  test: {
    include: ['test/recipe/record.ts'],
    pool: 'forks',
    env: computing,
  },
});
