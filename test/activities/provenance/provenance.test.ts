import { expect, test } from 'vitest';
import { type Environment, provenance } from '../../../activities/provenance/provenance.ts';

const environment: Environment = {
  code: { name: 'rethinking-generalization', version: '0.1.0', commit: 'abc123' },
  node: '20.19.0',
  platform: 'linux x64',
  cpu: 'Some CPU',
  tensorflow: '2.21.0',
  device: 'cpu',
  threads: 2,
};

const ref = (key: string, digit: string) => ({ key, sha256: digit.repeat(64), bytes: 7 });

const record = {
  title: 'Figure 1a',
  about: 'Training loss of five conditions.',
  inputs: [ref('trajectories/0123/curve.csv', 'a')],
  outputs: [ref('figures/1a/4567/figure-1a.svg', 'b'), ref('figures/1a/4567/figure-1a.csv', 'c')],
  parameters: { profile: 'quick', seeds: [1, 2] },
  environment,
  startedAt: new Date('2026-01-02T03:04:05Z'),
  endedAt: new Date('2026-01-02T03:05:05Z'),
};

interface Entity {
  '@id': string;
  '@type': string;
  [property: string]: unknown;
}

const graphOf = (bytes: Buffer): Entity[] => JSON.parse(bytes.toString())['@graph'];
const find = (graph: Entity[], id: string) => graph.find((entity) => entity['@id'] === id);

/** Every `{ '@id': … }` anywhere below. */
function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = '@id' in value && Object.keys(value).length === 1 ? [String(value['@id'])] : [];
  return [...own, ...Object.values(value).flatMap(referencesIn)];
}

test('the descriptor says which specification holds and that it is about the root', () => {
  const graph = graphOf(provenance(record));

  expect(graph[0]).toEqual({
    '@id': 'ro-crate-metadata.json',
    '@type': 'CreativeWork',
    conformsTo: { '@id': 'https://w3id.org/ro/crate/1.1' },
    about: { '@id': './' },
  });
  expect(find(graph, './')).toMatchObject({
    '@type': 'Dataset',
    name: 'Figure 1a',
    datePublished: '2026-01-02T03:05:05.000Z',
  });
});

test('everything that is referred to is described, apart from the specification itself', () => {
  const graph = graphOf(provenance(record));

  const described = new Set(graph.map((entity) => entity['@id']));
  const dangling = referencesIn(graph).filter((id) => !described.has(id));
  expect(dangling).toEqual(['https://w3id.org/ro/crate/1.1']);
  expect(described.size).toBe(graph.length);
});

test('outputs are paths inside the crate, inputs from elsewhere are named by their digest', () => {
  const graph = graphOf(provenance(record));

  // 32 bytes of 0xaa in base64url: 'qqqq' for every three bytes, then 0xaa 0xaa -> 'qqo'.
  const input = `ni:///sha-256;${'qqqq'.repeat(10)}qqo`;
  expect(find(graph, './')?.hasPart).toEqual([
    { '@id': input },
    { '@id': 'figure-1a.svg' },
    { '@id': 'figure-1a.csv' },
  ]);
  expect(find(graph, input)).toMatchObject({
    '@type': 'File',
    name: 'trajectories/0123/curve.csv',
    sha256: 'a'.repeat(64),
    contentSize: '7',
  });
});

test('the action tells code, machine, inputs, parameters, outputs and times', () => {
  const graph = graphOf(provenance(record));

  expect(find(graph, '#action')).toMatchObject({
    '@type': 'CreateAction',
    startTime: '2026-01-02T03:04:05.000Z',
    endTime: '2026-01-02T03:05:05.000Z',
    result: [{ '@id': 'figure-1a.svg' }, { '@id': 'figure-1a.csv' }],
  });
  expect(find(graph, '#software-rethinking-generalization')?.version).toBe('0.1.0 (commit abc123)');
  expect(find(graph, '#software-tensorflow')?.version).toBe('2.21.0');
  expect(find(graph, '#parameter-seeds')?.value).toBe('[1,2]');
});

test('a worker without TensorFlow or a git checkout says nothing about them', () => {
  const bare = {
    ...environment,
    code: { ...environment.code, commit: null },
    tensorflow: null,
  };

  const graph = graphOf(provenance({ ...record, environment: bare }));

  expect(find(graph, '#software-tensorflow')).toBeUndefined();
  expect(find(graph, '#software-rethinking-generalization')?.version).toBe('0.1.0');
});

test('a file that is both read and written is described once', () => {
  const inPlace = { ...record, inputs: [record.outputs[0]] };

  const graph = graphOf(provenance(inPlace));

  expect(graph.filter((entity) => entity['@id'] === 'figure-1a.svg')).toHaveLength(1);
});
