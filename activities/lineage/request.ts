/** The request behind an artifact: verdicts record it, and pictures and tables are of the runs that verdicts are of. */
import { z } from 'zod';
import { runsOf } from '../comparison/artifacts.ts';
import { ArtifactName } from '../contract.ts';
import type { StoredRun } from '../plan/stored-runs.ts';
import { type Origin, readOrigin } from '../provenance/origin.ts';
import type { Store } from '../store/store.ts';

export interface RecordedRequest {
  artifact: ArtifactName;
  input: Record<string, unknown>;
  /** Ids of the runs that it meant when it was made. */
  runs: string[];
  /** Those of them that were in the store before; null in records that do not say. */
  reused: string[] | null;
}

const VERDICTS = /^verdicts\/([^/]+)\/[^/]+\/ro-crate-metadata\.json$/;
const Input = z.record(z.string(), z.unknown());

/** Null where none of the store's verdicts is of all these runs. Of several requests the newest. */
export async function requestOf(
  store: Store,
  { outputs, ...origin }: Origin,
  stored: readonly StoredRun[],
): Promise<RecordedRequest | null> {
  const own = runsOf({ outputs, ...origin });
  const found: { request: RecordedRequest; endedAt: Date; itself: boolean }[] = [];
  for await (const { key } of store.list('verdicts/')) {
    const [, name] = VERDICTS.exec(key) ?? [];
    const artifact = ArtifactName.safeParse(name);
    if (!artifact.success) continue;
    const crate = await store.read(key);
    const of = crate && readOrigin(crate.bytes);
    const input = Input.safeParse(of?.parameters.get('input'));
    if (!of || !input.success) continue;
    const runs = runsOf(of);
    const itself = of.outputs[0]?.key === outputs[0]?.key;
    if (itself || (own.length > 0 && own.every((id) => runs.includes(id)))) {
      found.push({
        request: { artifact: artifact.data, input: input.data, runs, reused: reusedOf(of, stored) },
        endedAt: of.endedAt,
        itself,
      });
    }
  }
  found.sort(
    (one, other) =>
      Number(other.itself) - Number(one.itself) || other.endedAt.getTime() - one.endedAt.getTime(),
  );
  return found[0]?.request ?? null;
}

/** Whatever was in the store had ended before anything that was trained for the request. */
function reusedOf(origin: Origin, stored: readonly StoredRun[]): string[] | null {
  const count = z.int().safeParse(origin.parameters.get('stored'));
  if (!count.success) return null;
  const runs = runsOf(origin);
  return stored
    .filter(({ id }) => runs.includes(id))
    .sort((one, other) => one.origin.endedAt.getTime() - other.origin.endedAt.getTime())
    .slice(0, count.data)
    .map(({ id }) => id);
}
