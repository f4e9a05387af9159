import {
  type Activities,
  type Canary,
  DriftReport,
  type Night,
  type SeenArtifact,
  type WrittenDrift,
} from './contract.ts';
import { judgeCanary } from './drift/canaries.ts';
import { driftMarkdown } from './drift/markdown.ts';
import { newestNight, seriesOf } from './drift/nights.ts';
import { compareArtifacts } from './drift/verdicts.ts';
import { codeVersions, compareVersions, trainerVersions, type Versions } from './drift/versions.ts';
import { contentId } from './identity/identity.ts';
import { findPublished, type Publishing, publish } from './provenance/publish.ts';
import * as keys from './store/keys.ts';
import type { Store } from './store/store.ts';

/** Holds a night against the one before, and keeps it for the next one. A night that is reported again finds its own
 *  report. */
export function createReportDrift({ store, environment, now }: Publishing): Activities['reportDrift'] {
  return async ({ night, workflowId, runId, request, reproductions, canaries }) => {
    const startedAt = now();
    const series = seriesOf(request);
    const id = contentId({ runId });
    const place = {
      keyOf: (file: string) => keys.drift(series, id, file),
      latest: keys.latestDriftOf(series),
    };
    const written = await findPublished(store, { ...place, names: ['drift.json', 'drift.md', 'night.json'] });
    if (written) {
      const report = DriftReport.parse(JSON.parse(String(await store.get(written.outputs[0]))));
      return writtenDrift(written, report);
    }
    const before = await newestNight(store, request);
    const leftOut = reproductions.flatMap((made) =>
      'failure' in made && made.failure.type === 'BudgetUsedUp' ? [made.artifact] : [],
    );
    const seen = reproductions
      .filter(({ artifact }) => !leftOut.includes(artifact))
      .map(
        (made): SeenArtifact => ({
          artifact: made.artifact,
          verdicts: 'failure' in made ? [] : made.verdicts,
          failure: 'failure' in made ? made.failure : null,
        }),
      );
    const judged = await Promise.all(
      canaries.map(async (canary) => {
        const versions = await versionsOf(store, canary);
        return { canary, now: versions.now, ...judgeCanary(canary, versions) };
      }),
    );
    const versions = Object.assign(
      { ...before?.versions, ...codeVersions(environment) },
      ...judged.map((one) => one.now),
    );
    const differences = [
      ...(before ? compareArtifacts(before.artifacts, seen) : []),
      ...judged.flatMap((one) => one.differences),
      ...(before ? compareVersions(before.versions, versions) : []),
    ];
    const report: DriftReport = {
      night,
      before: before?.night ?? null,
      workflowId,
      leftOut,
      canaries: judged.map(({ canary, state }) => ({ title: canary.title, state })),
      differences,
      alert: differences.some(({ alert }) => alert),
    };
    const record: Night = {
      night,
      workflowId,
      artifacts: [...seen, ...earlierOf(before, seen)],
      versions,
      unfinished: judged.flatMap(({ canary: { outcome, failure, ...run }, state }) =>
        state === 'unfinished' ? [run] : [],
      ),
    };
    const published = await publish(store, {
      ...place,
      files: [
        { name: 'drift.json', bytes: json(report), contentType: 'application/json' },
        { name: 'drift.md', bytes: driftMarkdown(report), contentType: 'text/markdown; charset=utf-8' },
        { name: 'night.json', bytes: json(record), contentType: 'application/json' },
      ],
      title: `Drift report of ${night}`,
      about: 'What differs from the night before: verdicts, numbers, versions, canaries.',
      inputs: canaries.flatMap(({ stored, outcome }) => (outcome ? [stored.weights, outcome.weights] : [])),
      parameters: { request, workflowId },
      environment,
      startedAt,
      now,
    });
    return writtenDrift(published, report);
  };
}

function writtenDrift(
  { folder, outputs: [drift, markdown], provenance }: Awaited<ReturnType<typeof publish>>,
  { differences, alert }: DriftReport,
): WrittenDrift {
  return { folder, json: drift, markdown, provenance, differences: differences.length, alert };
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** What the budget left out tonight stands as it was seen last. */
const earlierOf = (before: Night | null, seen: SeenArtifact[]) =>
  (before?.artifacts ?? []).filter(({ artifact }) => !seen.some((one) => one.artifact === artifact));

/** Of the trainers that made the stored run and the canary; of what has not ended, or lost its record, nothing. */
async function versionsOf(
  store: Store,
  { stored, outcome }: Canary,
): Promise<Record<'before' | 'now', Versions>> {
  const read = async (run: Canary['stored'] | null): Promise<Versions> => {
    const ref = run && (await store.head(keys.runProvenance(run)));
    return ref ? trainerVersions(String(await store.get(ref))) : {};
  };
  const [before, now] = await Promise.all([read(stored), read(outcome)]);
  return { before, now };
}
