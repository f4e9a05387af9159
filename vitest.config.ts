import { defineConfig } from 'vitest/config';
import { computing } from './test/environment.ts';

/** Start servers or processes. */
const WITH_SERVERS = [
  'test/{faults,infra,replay,simulation,worker,workflows}/**/*.test.ts',
  'test/activities/fetch-*.test.ts',
  'test/activities/store/**/*.test.ts',
  'test/activities/data/sources/**/*.test.ts',
  'test/bench/large-solve.test.ts',
];

/** Compute with TensorFlow. */
const COMPUTING = [
  'test/activities/{kernel,models,training}/**/*.test.ts',
  'test/activities/tensorflow/compile/*.test.ts',
  'test/activities/linear/interpolants.test.ts',
  'test/activities/theory/tied-network.test.ts',
  'test/bench/flops.test.ts',
];

/** Load it in ways of their own, start a browser, or look at what is loaded and at the memory of the process. */
const ALONE = [
  'test/{parity,recipe}/**/*.test.ts',
  'test/activities/tensorflow/*.test.ts',
  'test/activities/tensorflow/compile/compile.test.ts',
  'test/activities/{fit-interpolants,write-report}.test.ts',
  'test/activities/drawing/figure-3.test.ts',
  'test/activities/report/page.test.ts',
];

export default defineConfig({
  test: {
    env: computing,
    // TensorFlow's binding loads once a process and not in worker threads.
    pool: 'forks',
    globalSetup: 'test/usual-ports.ts',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'cores',
          include: ['test/**/*.test.ts'],
          exclude: [...COMPUTING, ...ALONE, ...WITH_SERVERS],
          isolate: false, // a process a file costs more than most of them
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'computing',
          include: COMPUTING,
          exclude: ALONE,
          isolate: false, // TensorFlow takes seconds to load
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'alone',
          include: ALONE,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'servers',
          include: WITH_SERVERS,
          globalSetup: ['test/workflows/bundle-once.ts', 'test/faults/images-once.ts'],
          maxWorkers: 3, // they mostly wait: for heartbeats that are missed, and for servers
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
