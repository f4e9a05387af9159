import { expect, test } from 'vitest';
import { cacheContents } from '../../infra/clean/contents.mjs';
import { pathsOf } from '../../infra/setup/paths.mjs';

const paths = pathsOf('/clone', { XDG_CACHE_HOME: '/cache' });
/** The folder of the cache that a path of it lies in. */
const nameOf = (path: string) => path.replace('/cache/rethinking/', '').split('/')[0]!;
const HERE = [paths.tensorflow, paths.binding, paths.temporal, paths.versitygw, paths.toxiproxy].map(nameOf);

test('what this version uses is told from what another one left, and both flavours of TensorFlow are of use', () => {
  const cuda = nameOf(paths.tensorflow).replace('-cpu-', '-cuda-');
  const names = [...HERE, cuda, 'temporal-1.0.0-linux-x64', 'binding-4.22.0-2.9.1-1-linux-x64'];

  const unused = cacheContents(paths, names).filter(({ used }) => !used);

  expect(unused).toEqual([
    { name: 'temporal-1.0.0-linux-x64', holds: 'the Temporal server, of another version', used: false },
    {
      name: 'binding-4.22.0-2.9.1-1-linux-x64',
      holds: 'TensorFlow’s binding, of another version',
      used: false,
    },
  ]);
});

test('downloads, logs, the bench’s peers and what nobody knows are never taken for another version’s', () => {
  const names = ['sources', 'logs', 'peers-torch-147888f4', 'setup.lock'];

  expect(cacheContents(paths, names).every(({ used }) => used)).toBe(true);
});
