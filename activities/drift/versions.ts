/** Which code, libraries and device computed something, and what of that differs. */
import { z } from 'zod';
import type { Difference } from '../contract.ts';
import type { Environment } from '../provenance/provenance.ts';

export type Versions = Record<string, string>;

/** What decides the last bits of a training on the same code. */
const NUMERICS = ['TensorFlow', 'device', 'processor', 'threads'];

export const codeVersions = ({ code, node }: Environment): Versions => ({
  code: code.commit ? `${code.version} (commit ${code.commit})` : code.version,
  'Node.js': node,
});

const Entity = z.looseObject({
  '@id': z.string(),
  name: z.string().optional(),
  version: z.string().optional(),
  description: z.string().optional(),
});
const Crate = z.object({ '@graph': z.array(Entity) });

/** crate: the provenance record of a training. */
export function trainerVersions(crate: string): Versions {
  const { '@graph': graph } = Crate.parse(JSON.parse(crate));
  const entity = (id: string) => graph.find((one) => one['@id'] === id);
  const { name: device, description = '' } = entity('#machine') ?? {};
  // `processor, system release architecture, threads: n`; the release moves with every update and moves no number.
  const [, processor, threads] = /^(.*), \S+ \S+ \S+, threads: (\d+)$/.exec(description) ?? [];
  const found = { TensorFlow: entity('#software-tensorflow')?.version, device, processor, threads };
  return Object.fromEntries(
    Object.entries(found).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** Whether two trainings must end with the same bytes. Sums of a GPU may come in another order each time. */
export const sameBits = (one: Versions, other: Versions): boolean =>
  one.device === 'cpu' && NUMERICS.every((name) => one[name] === other[name]);

/** What both know. */
export function compareVersions(before: Versions, now: Versions): Difference[] {
  return Object.entries(now).flatMap(([name, version]) =>
    before[name] === undefined || before[name] === version
      ? []
      : [
          {
            of: 'version' as const,
            what: name,
            before: before[name],
            now: version,
            alert: false,
            reason: NUMERICS.includes(name)
              ? 'The last bits of what is trained from now on may differ.'
              : 'No number should change by it.',
          },
        ],
  );
}
