/** A provenance record, read back: what `provenance.ts` writes, as far as `plan`, `why`, `diff` and `gc` look. */
import { z } from 'zod';

/** The last segment of a training. */
export const Segment = z.strictObject({
  /** The checkpoint that it went on from; null: it began at the start. */
  from: z.strictObject({ step: z.int().nonnegative(), checkpoint: z.string() }).nullable(),
  /** Until its first step: loading the data, building the network. */
  startSeconds: z.number().nonnegative(),
  /** From its first step to its end, with every evaluation and checkpoint. */
  trainingSeconds: z.number().nonnegative(),
});
export type Segment = z.infer<typeof Segment>;

const File = z.object({ '@type': z.literal('File'), name: z.string(), sha256: z.string() });
const Action = z.object({
  '@type': z.literal('CreateAction'),
  name: z.string(),
  description: z.string(),
  object: z.array(z.object({ '@id': z.string() })),
  result: z.array(z.object({ '@id': z.string() })),
  startTime: z.string(),
  endTime: z.string(),
});
const Software = z.object({
  '@type': z.literal('SoftwareApplication'),
  name: z.string(),
  version: z.string(),
});
const Machine = z.object({
  '@type': z.literal('IndividualProduct'),
  name: z.string(),
  description: z.string(),
});
const Parameter = z.object({
  '@type': z.literal('PropertyValue'),
  name: z.string(),
  value: z.union([z.string(), z.number()]),
});
const Crate = z.object({ '@graph': z.array(z.looseObject({ '@id': z.string() })) });

interface NamedFile {
  key: string;
  sha256: string;
}

/** Where something comes from. */
export interface Origin {
  title: string;
  about: string;
  inputs: NamedFile[];
  outputs: NamedFile[];
  /** By name; text and numbers as they are, everything else parsed. */
  parameters: ReadonlyMap<string, unknown>;
  /** Versions by name, such as `Node.js`; our own code's has its commit. */
  software: ReadonlyMap<string, string>;
  device: string;
  /** Processor, system and threads. */
  machine: string;
  startedAt: Date;
  endedAt: Date;
}

/** Null when these are not the bytes of a record of ours. */
export function readOrigin(bytes: Uint8Array): Origin | null {
  const parsed = Crate.safeParse(parseJson(Buffer.from(bytes).toString()));
  if (!parsed.success) return null;
  const graph = parsed.data['@graph'];
  const of = <T extends z.ZodType>(schema: T) =>
    graph.flatMap((entity) => {
      const found = schema.safeParse(entity);
      return found.success ? [{ id: entity['@id'], ...(found.data as z.infer<T> & object) }] : [];
    });
  const [action] = of(Action);
  const [machine] = of(Machine);
  if (!action || !machine) return null;
  const files = new Map(of(File).map(({ id, name, sha256 }) => [id, { key: name, sha256 }]));
  const filesOf = (references: { '@id': string }[]) =>
    references.flatMap(({ '@id': id }) => files.get(id) ?? []);
  return {
    title: action.name,
    about: action.description,
    inputs: filesOf(action.object),
    outputs: filesOf(action.result),
    parameters: new Map(of(Parameter).map(({ name, value }) => [name, parameterOf(value)])),
    software: new Map(of(Software).map(({ name, version }) => [name, version])),
    device: machine.name,
    machine: machine.description,
    startedAt: new Date(action.startTime),
    endedAt: new Date(action.endTime),
  };
}

const parameterOf = (value: string | number): unknown =>
  typeof value === 'string' ? (parseJson(value) ?? value) : value;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
