/** What grows in the cache, folder by folder, and what of it this version of the code uses. */
import { basename, dirname } from 'node:path';

/** @typedef {{ name: string, holds: string, used: boolean }} Entry used: by this version; another clone may use others */

/** @param {import('../setup/paths.mjs').Paths} paths
 *  @param {string[]} names of what lies in the cache
 *  @returns {Entry[]} */
export function cacheContents(paths, names) {
  const tensorflow = basename(paths.tensorflow).replace(/-(cpu|cuda)-/, '-');
  const tools = [paths.binding, paths.temporal, paths.versitygw, paths.toxiproxy].map((file) =>
    basename(dirname(file)),
  );
  return names.map((name) => {
    const tool = KINDS.find(({ pattern }) => pattern.test(name));
    const used = tool?.versioned
      ? tools.includes(name) || name.replace(/-(cpu|cuda)-/, '-') === tensorflow
      : true;
    return { name, holds: `${tool?.holds ?? 'set-up'}${used ? '' : ', of another version'}`, used };
  });
}

const KINDS = [
  { pattern: /^tensorflow-/, holds: 'TensorFlow', versioned: true },
  { pattern: /^binding-/, holds: 'TensorFlow’s binding', versioned: true },
  { pattern: /^temporal-/, holds: 'the Temporal server', versioned: true },
  { pattern: /^versitygw-/, holds: 'the S3 server', versioned: true },
  { pattern: /^toxiproxy-/, holds: 'what npm run faults puts between workers and servers', versioned: true },
  { pattern: /^peers-/, holds: 'what the bench compares with', versioned: false },
  { pattern: /^sources$/, holds: 'downloaded data sets', versioned: false },
  { pattern: /^logs$/, holds: 'logs of set-up', versioned: false },
];
