/** Imports point one way, and cores are pure: the rules of the layout, each failing with its own sentence. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

interface Import {
  /** A package, `node:…`, or a path from the repository's root. */
  from: string;
  /** Erased by the compiler. */
  typeOnly: boolean;
}

// ── the scanner ─────────────────────────────────────────────────────────────────────────────────────────────

const TOKEN =
  /(?<comment>\/\*[\s\S]*?\*\/|\/\/[^\n]*)|(?<text>'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)/g;

const withoutComments = (source: string) =>
  source.replace(TOKEN, (token, comment: string | undefined) => (comment === undefined ? token : ' '));

/** Template texts stay: what they interpolate is code. */
const withoutTexts = (source: string) =>
  withoutComments(source).replace(TOKEN, (token) => (token.startsWith('`') ? token : "''"));

const STATEMENT =
  /^\s*(?:import|export)\s+(?<typeOnly>type\s+(?!from\b))?(?:[\w*{}\s,$]+?\sfrom\s+)?['"](?<from>[^'"]+)['"]/gm;
const CALL = /(?<typeOnly>typeof\s+)?\bimport\(\s*['"](?<from>[^'"]+)['"]/g;

function importsOf(file: string, source: string): Import[] {
  const code = withoutComments(source);
  return [...code.matchAll(STATEMENT), ...code.matchAll(CALL)].map(({ groups = {} }) => ({
    from: groups.from.startsWith('.') ? normalize(join(dirname(file), groups.from)) : groups.from,
    typeOnly: groups.typeOnly !== undefined,
  }));
}

// ── the rules ───────────────────────────────────────────────────────────────────────────────────────────────

const isCore = (file: string) => /^activities\/(?!contract\/)[^/]+\//.test(file);
const isActivity = (file: string) => /^activities\/[^/]+\.ts$/.test(file);
const isPureData = (file: string) => /^activities\/(failure|verdicts)\//.test(file);
const isOurs = (from: string) => /^(workflows|activities|worker|test)\//.test(from);
const CONTRACT = 'activities/contract.ts';
const isContract = (file: string) => file === CONTRACT || file.startsWith('activities/contract/');

// The environment and the outside world, as Node gives them.
const OUTSIDE =
  /^node:(fs|net|tls|http|https|http2|dns|dgram|child_process|worker_threads|cluster|os|process)\b/;
const MAY_TOUCH_OUTSIDE = /^activities\/(store|data\/sources|tensorflow)\/|^activities\/drawing\/font\.ts$/; // a bundled font is a file

interface Rule {
  sentence: string;
  allows(file: string, imported: Import): boolean;
}

const RULES: Rule[] = [
  {
    sentence:
      'workflows/ may import @temporalio/workflow, each other, the pure data of activities/failure/ and ' +
      'activities/verdicts/, and types (`import type`) from activities/contract.ts; nothing else runs in the sandbox',
    allows: (file, { from, typeOnly }) =>
      !file.startsWith('workflows/') ||
      from === '@temporalio/workflow' ||
      from.startsWith('workflows/') ||
      isPureData(from) ||
      (from === CONTRACT && typeOnly),
  },
  {
    sentence:
      'activities/failure/ and activities/verdicts/ are pure data that workflows load: they may import each other ' +
      'and types from activities/contract.ts',
    allows: (file, { from, typeOnly }) =>
      !isPureData(file) || isPureData(from) || (from === CONTRACT && typeOnly),
  },
  {
    sentence:
      'activities/contract.ts and its parts in activities/contract/ may import zod and each other and nothing else, so ' +
      'that everybody can import it',
    allows: (file, { from }) => !isContract(file) || from === 'zod' || isContract(from),
  },
  {
    sentence:
      'a part of activities/contract/ is imported by activities/contract.ts, which everybody else imports',
    allows: (file, { from }) => isContract(file) || !from.startsWith('activities/contract/'),
  },
  {
    sentence:
      'an activity may import the contract, cores, zod, node:* and @temporalio/{activity,client,common}; never ' +
      'workflows/, worker/ or another activity (activities/index.ts gathers them)',
    allows: (file, { from }) =>
      !isActivity(file) ||
      file === CONTRACT ||
      from === CONTRACT ||
      isCore(from) ||
      from === 'zod' ||
      from.startsWith('node:') ||
      /^@temporalio\/(activity|client|common)$/.test(from) ||
      (file === 'activities/index.ts' && isActivity(from)),
  },
  {
    sentence:
      'a core (a folder under activities/) may import the contract, other cores and libraries; never ' +
      '@temporalio/*, an activity, workflows/ or worker/',
    allows: (file, { from }) =>
      !isCore(file) ||
      from === CONTRACT ||
      isCore(from) ||
      (!isOurs(from) && !from.startsWith('@temporalio/')),
  },
  {
    sentence: 'only activities/store/, activities/data/sources/ and activities/tensorflow/ touch the outside',
    allows: (file, { from }) => !isCore(file) || MAY_TOUCH_OUTSIDE.test(file) || !OUTSIDE.test(from),
  },
  {
    sentence: 'activities/tensorflow/ is the only place that imports TensorFlow.js',
    allows: (file, { from }) => file.startsWith('activities/tensorflow/') || !from.startsWith('@tensorflow/'),
  },
  {
    sentence: 'only activities/store/ and activities/data/sources/ import the AWS SDK',
    allows: (file, { from }) =>
      /^activities\/(store|data\/sources)\//.test(file) || !/^@(aws-sdk|smithy)\//.test(from),
  },
  {
    sentence: 'worker/ may import everything, and nothing but tests imports worker/ (or tests)',
    allows: (file, { from }) => file.startsWith('worker/') || !/^(worker|test)\//.test(from),
  },
  {
    sentence: 'a relative import names its file, ending in .ts (or .json)',
    allows: (_file, { from }) => !isOurs(from) || /\.(ts|json)$/.test(from),
  },
];

const IMPURE: { pattern: RegExp; sentence: string }[] = [
  { pattern: /\bMath\.random\b/, sentence: 'randomness is a stream that is handed in (activities/random/)' },
  {
    pattern: /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b/,
    sentence: 'a core does not read the clock: the time is handed in',
  },
  {
    pattern: /\bprocess\.(env|argv|cwd|hrtime)\b/,
    sentence: 'a core does not read its environment: worker/config.ts does, and hands over values',
  },
];

const MEANINGLESS = /^(utils?|helpers?|common|misc|types)(\.ts)?$/;
const INDEXES = ['activities/index.ts', 'workflows/index.ts'];

function violationsOf(file: string, source: string): string[] {
  const imports = importsOf(file, source).flatMap((imported) =>
    RULES.filter((rule) => !rule.allows(file, imported)).map(
      ({ sentence }) => `${file} imports ${imported.from}: ${sentence}.`,
    ),
  );
  const code = withoutTexts(source);
  const impure = IMPURE.filter(({ pattern }) => (isCore(file) || isContract(file)) && pattern.test(code)).map(
    ({ pattern, sentence }) => `${file} has ${pattern.exec(code)?.[0]}: ${sentence}.`,
  );
  return [...imports, ...impure, ...namingOf(file)];
}

function namingOf(file: string): string[] {
  const segment = file.split('/').find((name) => MEANINGLESS.test(name));
  if (segment) return [`${file} is called ${segment}: a name says what is inside.`];
  if (file.endsWith('/index.ts') && !INDEXES.includes(file)) {
    return [`${file} is an index: there are two, ${INDEXES.join(' and ')}.`];
  }
  return [];
}

/** Folders of cores that import each other in a circle, as `a -> b -> a`. */
function circlesOf(sources: Map<string, string>): string[] {
  const folder = (file: string) => file.split('/')[1];
  const edges = new Map<string, Set<string>>();
  for (const [file, source] of sources) {
    if (!isCore(file)) continue;
    const to = edges.get(folder(file)) ?? new Set();
    for (const { from } of importsOf(file, source)) {
      if (isCore(from) && folder(from) !== folder(file)) to.add(folder(from));
    }
    edges.set(folder(file), to);
  }
  const circles = new Set<string>();
  const walk = (path: string[]) => {
    for (const next of edges.get(path[path.length - 1]) ?? []) {
      if (next === path[0]) circles.add([...path, next].join(' -> '));
      else if (!path.includes(next) && next > path[0]) walk([...path, next]);
    }
  };
  for (const start of edges.keys()) walk([start]);
  return [...circles];
}

// ── this repository ─────────────────────────────────────────────────────────────────────────────────────────

const sources = new Map(
  ['workflows', 'activities', 'worker']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
        join(folder, name),
      ),
    )
    .filter((file) => file.endsWith('.ts'))
    .map((file) => [file, readFileSync(join(root, file), 'utf8')]),
);

test('every import of this repository is allowed, and every core is pure', () => {
  const violations = [...sources].flatMap(([file, source]) => violationsOf(file, source));

  expect(sources.size).toBeGreaterThan(20);
  expect(violations).toEqual([]);
});

test('no cores import each other in a circle', () => {
  expect(circlesOf(sources)).toEqual([]);
});

// ── the rules themselves ────────────────────────────────────────────────────────────────────────────────────

describe('a violation is caught:', () => {
  test.each([
    ['workflows/figure-1.ts', `import { z } from 'zod';`, 'imports zod: workflows/ may import'],
    ['workflows/figure-1.ts', `import fs from 'node:fs';`, 'imports node:fs: workflows/'],
    [
      'workflows/figure-1.ts',
      `import { Run } from '../activities/contract.ts';`,
      'contract.ts: workflows/ may import',
    ],
    [
      'workflows/figure-1.ts',
      `import {\n  type Run,\n} from '../activities/contract.ts';`,
      'contract.ts: workflows/ may import',
    ],
    [
      'workflows/figure-1.ts',
      `import type { Store } from '../activities/store/store.ts';`,
      'store.ts: workflows/ may import',
    ],
    ['workflows/figure-1.ts', `const tf = await import('@tensorflow/tfjs');`, 'imports @tensorflow/tfjs'],
    [
      'workflows/options.ts',
      `/* a\n comment */ import '../worker/config.ts'; // why`,
      'imports worker/config.ts: workflows/',
    ],
    ['activities/verdicts/claims.ts', `import { z } from 'zod';`, 'are pure data that workflows load'],
    [
      'activities/contract.ts',
      `import { x } from './store/keys.ts';`,
      'activities/contract.ts and its parts in activities/contract/ may import zod and each other and nothing else',
    ],
    [
      'activities/contract/runs.ts',
      `import { x } from '../store/keys.ts';`,
      'activities/contract.ts and its parts in activities/contract/ may import zod and each other and nothing else',
    ],
    [
      'activities/judge.ts',
      `import type { Run } from './contract/runs.ts';`,
      'a part of activities/contract/ is imported by activities/contract.ts',
    ],
    [
      'workflows/figure-1.ts',
      `import type { Run } from '../activities/contract/runs.ts';`,
      'a part of activities/contract/ is imported by activities/contract.ts',
    ],
    ['activities/draw-figure.ts', `import { x } from './plan-runs.ts';`, 'or another activity'],
    [
      'activities/draw-figure.ts',
      `export { x } from '../workflows/figure-1.ts';`,
      'imports workflows/figure-1.ts: an activity',
    ],
    [
      'activities/models/mlp.ts',
      `import { Context } from '@temporalio/activity';`,
      'a core (a folder under activities/)',
    ],
    [
      'activities/models/mlp.ts',
      `import { x } from '../train-segment.ts';`,
      'a core (a folder under activities/)',
    ],
    [
      'activities/models/mlp.ts',
      `import { readFile } from 'node:fs/promises';`,
      'imports node:fs/promises: only activities/store/',
    ],
    [
      'activities/models/mlp.ts',
      `import * as tf from '@tensorflow/tfjs-node-gpu';`,
      'the only place that imports TensorFlow.js',
    ],
    ['worker/main.ts', `import { S3Client } from '@aws-sdk/client-s3';`, 'import the AWS SDK'],
    [
      'activities/store/s3.ts',
      `import { x } from '../../worker/config.ts';`,
      'nothing but tests imports worker/',
    ],
    ['activities/models/mlp.ts', `import { x } from './layer';`, 'names its file, ending in .ts'],
    [
      'activities/models/mlp.ts',
      `const flip = Math.random() < 0.5;`,
      'has Math.random: randomness is a stream',
    ],
    [
      'activities/models/mlp.ts',
      'const label = String(Date.now());',
      'has Date.now: a core does not read the clock',
    ],
    ['activities/models/mlp.ts', `const now = new Date();`, 'has new Date(): a core does not read the clock'],
    ['activities/store/s3.ts', `const key = process.env.KEY;`, 'has process.env: a core does not read its'],
    ['activities/models/utils.ts', ``, 'is called utils.ts'],
    ['worker/helpers/pad.ts', ``, 'is called helpers'],
    ['activities/models/index.ts', ``, 'is an index'],
  ])('%s with %j', (file, source, sentence) => {
    expect(violationsOf(file, source).join('\n')).toContain(sentence);
  });

  test('cores in a circle', () => {
    const circle = new Map([
      ['activities/data/a.ts', `import { b } from '../models/b.ts';`],
      ['activities/models/b.ts', `import { c } from '../training/c.ts';`],
      ['activities/training/c.ts', `import { a } from '../data/a.ts';`],
    ]);

    expect(circlesOf(circle)).toEqual(['data -> models -> training -> data']);
  });
});

describe('what is allowed passes:', () => {
  test.each([
    ['workflows/figure-1.ts', `import type { Run } from '../activities/contract.ts';`],
    ['workflows/options.ts', `import { FINAL_FAILURES } from '../activities/failure/failure.ts';`],
    ['workflows/index.ts', `export { reproduceFigure1 } from './figure-1.ts';`],
    ['activities/index.ts', `import { createDrawFigure } from './draw-figure.ts';`],
    ['activities/data/crop.ts', `// import { x } from '@temporalio/activity'; Math.random`],
    ['activities/data/crop.ts', `const hint = 'never use Math.random or process.env';`],
    ['activities/data/crop.ts', `const then = new Date(milliseconds);`],
    ['activities/tensorflow/load.ts', `import type * as tf from '@tensorflow/tfjs-node-gpu';`],
    ['worker/main.ts', `import { readConfig } from './config.ts'; const now = new Date();`],
  ])('%s with %j', (file, source) => {
    expect(violationsOf(file, source)).toEqual([]);
  });
});
