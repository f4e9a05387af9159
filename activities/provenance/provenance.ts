/** Where an object of the store comes from, as an RO-Crate 1.1 (https://w3id.org/ro/crate/1.1): what went in, what
 *  came out, which code and machine did it, and when. The crate's root is the folder that the outputs share. */
import type { ObjectRef } from '../contract.ts';

/** The code and the machine. `commit` is null outside a git checkout, `tensorflow` where none was loaded. */
export interface Environment {
  code: { name: string; version: string; commit: string | null };
  node: string;
  platform: string;
  cpu: string;
  tensorflow: string | null;
  device: string;
  threads: number;
}

const SPECIFICATION = 'https://w3id.org/ro/crate/1.1';
const LICENSE = 'https://spdx.org/licenses/Apache-2.0';

/** The bytes of an `ro-crate-metadata.json`. Times and hosts differ from attempt to attempt; nothing else does. */
export function provenance(record: {
  title: string;
  about: string;
  inputs: ObjectRef[];
  outputs: ObjectRef[];
  parameters: Record<string, unknown>;
  environment: Environment;
  startedAt: Date;
  endedAt: Date;
}): Buffer {
  const { environment, inputs, outputs } = record;
  const root = sharedFolder(outputs.map(({ key }) => key));
  const files = [
    ...new Map([...inputs, ...outputs].map((ref) => [fileId(root, ref), file(root, ref)])).values(),
  ];
  const parameters = Object.entries(record.parameters).map(([name, value]) => ({
    '@id': `#parameter-${name}`,
    '@type': 'PropertyValue',
    name,
    value: typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value),
  }));
  const software = softwareOf(environment);
  const graph = [
    {
      '@id': 'ro-crate-metadata.json',
      '@type': 'CreativeWork',
      conformsTo: { '@id': SPECIFICATION },
      about: { '@id': './' },
    },
    {
      '@id': './',
      '@type': 'Dataset',
      name: record.title,
      description: record.about,
      datePublished: record.endedAt.toISOString(),
      license: { '@id': LICENSE },
      hasPart: files.map(reference),
      mentions: { '@id': '#action' },
    },
    ...files,
    {
      '@id': '#action',
      '@type': 'CreateAction',
      name: record.title,
      description: record.about,
      instrument: [...software.map(reference), { '@id': '#machine' }],
      object: [...inputs.map((ref) => ({ '@id': fileId(root, ref) })), ...parameters.map(reference)],
      result: outputs.map((ref) => ({ '@id': fileId(root, ref) })),
      startTime: record.startedAt.toISOString(),
      endTime: record.endedAt.toISOString(),
    },
    ...parameters,
    ...software,
    {
      '@id': '#machine',
      '@type': 'IndividualProduct',
      name: environment.device,
      description: `${environment.cpu}, ${environment.platform}, threads: ${environment.threads}`,
    },
    {
      '@id': LICENSE,
      '@type': 'CreativeWork',
      name: 'Apache License 2.0',
      description: 'Covers what was computed; images keep the terms of their source.',
    },
  ];
  // The 1.1 context predates schema.org's own term for the digest.
  const context = [`${SPECIFICATION}/context`, { sha256: 'http://schema.org/sha256' }];
  return Buffer.from(`${JSON.stringify({ '@context': context, '@graph': graph }, null, 2)}\n`);
}

function softwareOf({ code, node, tensorflow }: Environment) {
  const versions = [
    {
      name: code.name,
      version: code.commit ? `${code.version} (commit ${code.commit})` : code.version,
    },
    { name: 'Node.js', version: node },
    ...(tensorflow === null ? [] : [{ name: 'TensorFlow', version: tensorflow }]),
  ];
  return versions.map((version) => ({
    '@id': `#software-${version.name.toLowerCase()}`,
    '@type': 'SoftwareApplication',
    ...version,
  }));
}

function file(root: string, ref: ObjectRef) {
  return {
    '@id': fileId(root, ref),
    '@type': 'File',
    name: ref.key,
    contentSize: String(ref.bytes),
    sha256: ref.sha256,
  };
}

/** A path inside the crate, or for an object elsewhere its digest as a URI (RFC 6920), which stays true wherever
 *  the bucket moves. */
function fileId(root: string, ref: ObjectRef): string {
  if (ref.key.startsWith(root)) return ref.key.slice(root.length);
  return `ni:///sha-256;${Buffer.from(ref.sha256, 'hex').toString('base64url')}`;
}

/** `figures/1a/0123/` of `figures/1a/0123/figure-1a.svg` and its neighbours. */
function sharedFolder(keys: string[]): string {
  const folders = keys.map((key) => key.split('/').slice(0, -1));
  const [first = [], ...others] = folders;
  const depth = first.findIndex((part, at) => others.some((other) => other[at] !== part));
  return first
    .slice(0, depth === -1 ? first.length : depth)
    .map((part) => `${part}/`)
    .join('');
}

const reference = (entity: { '@id': string }) => ({ '@id': entity['@id'] });
