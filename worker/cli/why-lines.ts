/** Why something is there, for a terminal. */
import { percent } from '../../activities/comparison/runs.ts';
import { inWords } from '../../activities/comparison/settings.ts';
import type { Input } from '../../activities/lineage/inputs.ts';
import type { RecordedRequest } from '../../activities/lineage/request.ts';
import type { RunLineage } from '../../activities/lineage/run-lineage.ts';
import type { StoredRun } from '../../activities/plan/stored-runs.ts';
import type { Origin } from '../../activities/provenance/origin.ts';
import { runOfCheckpoint } from '../../activities/store/keys.ts';
import { describe } from '../../workflows/train-all.ts';
import { duration } from './rows.ts';
import { count } from './said.ts';
import type { Today } from './today.ts';

export interface RunReason {
  id: string;
  trajectoryId: string;
  /** Null of a run that has not ended. */
  lineage: RunLineage | null;
  /** The step of its newest checkpoint, of one that has not ended. */
  newestCheckpoint: number | null;
  /** Of this command's own code and Node. */
  versions: Record<string, string>;
  /** That today's code computes. */
  recipe: number;
}

export interface ArtifactReason {
  folder: string;
  /** The folder that `latest` names. */
  latest: string | null;
  origin: Origin;
  inputs: Input[];
  runs: { id: string; stored: StoredRun | null }[];
  /** Null where no verdicts say what was asked for. */
  request: RecordedRequest | null;
  today: Today | null;
  /** Whether today's code would draw the same numbers differently. */
  drawnAnew: boolean;
  versions: Record<string, string>;
}

export function runLines({
  id,
  trajectoryId,
  lineage,
  newestCheckpoint,
  versions,
  recipe,
}: RunReason): string[] {
  if (!lineage) {
    return [
      `run ${id} of trajectory ${trajectoryId} has not ended: ` +
        (newestCheckpoint === null
          ? 'it has no checkpoint yet.'
          : `its newest checkpoint is of step ${count(newestCheckpoint)}, and the command that wants it goes on from there.`),
    ];
  }
  const { run, outcome, origin, usedBy, setAside } = lineage;
  const { trajectory } = run;
  return [
    `run ${id} of trajectory ${trajectoryId}`,
    `  ${describe({ id, trajectoryId, run })}: ${count(outcome.steps)} steps, train ${percent(outcome.train)} %, test ${percent(outcome.test)} %`,
    '',
    'Why it was computed',
    `  ${whyComputed(lineage)}`,
    ...setAside.map((key) => `  It was there before, damaged; what was set aside then: ${key}`),
    `  ${whereFrom(lineage)}`,
    '',
    'Why it is reused',
    usedBy.length === 0
      ? '  No artifact was made from it yet. Whatever means these very settings has its id, and finds it.'
      : `  Whatever means these very settings has its id, and finds it: ${usedBy.length === 1 ? 'one artifact was' : `${usedBy.length} artifacts were`} made from it`,
    ...usedBy.map((folder) => `    ${folder}`),
    ...madeLines(origin, 'Made'),
    ...inputLines(lineage.inputs, [
      `  data set ${trajectory.dataset.name} ${trajectory.dataset.sha256.slice(0, 12)}…`,
    ]),
    '',
    'Since then',
    ...changedVersions(origin, versions),
    recipe === trajectory.recipe
      ? `  The recipe is still ${recipe}: today’s code computes the same numbers, and takes this run as it is.`
      : `  The recipe is ${recipe} now and was ${trajectory.recipe}: today’s code trains anew under another id.`,
  ];
}

function whyComputed({ nearestBefore }: RunLineage): string {
  if (!nearestBefore) return 'When it began, nothing had ended in this store.';
  const { id, differences } = nearestBefore;
  const stops = differences.every(({ field }) => field.startsWith('stop.'));
  const what = differences.map(inWords).join(', ');
  return stops
    ? `When it began, the store had its trajectory as run ${id}, which stops elsewhere: ${what}.`
    : `When it began, the store had nothing with its id; nearest was run ${id}, of which it differs in ${what}.`;
}

function whereFrom({ segment }: RunLineage): string {
  if (!segment) return 'Its record is of before there was one of where the last segment began.';
  if (!segment.from) return 'It began at the start, and was trained in one go.';
  const { step, checkpoint } = segment.from;
  return `Its last segment went on after step ${count(step)} of run ${runOfCheckpoint(checkpoint)}.`;
}

export function artifactLines(reason: ArtifactReason): string[] {
  const { folder, latest, origin, inputs, runs, request, today, drawnAnew, versions } = reason;
  return [
    folder,
    `  ${origin.about}`,
    latest === folder
      ? '  It is the latest of its kind.'
      : `  It is not the latest of its kind${latest ? `: that is ${latest}` : ''}.`,
    ...madeLines(origin, 'Made'),
    ...inputLines(inputs, []),
    ...(runs.length > 0
      ? [
          '',
          `Of ${count(runs.length)} ${runs.length === 1 ? 'run' : 'runs'} (\`npm run why -- ID\` says why each is there)`,
          ...runs.map(({ id, stored }) =>
            stored ? `  ${id} ${describe(stored)}: ${timeOf(stored, request)}` : `  ${id}: not in the store`,
          ),
        ]
      : []),
    '',
    'Since then',
    ...changedVersions(origin, versions),
    ...(drawnAnew ? ['  The drawing has changed: the next command draws it anew.'] : []),
    ...(request && today ? [`  ${todayWords(request, today)}`, ...today.other.map(otherWords)] : []),
  ];
}

/** Older records do not say how many runs were stored. */
function timeOf({ id, origin }: StoredRun, request: RecordedRequest | null): string {
  const when = at(origin.endedAt);
  if (!request?.reused) return `ended ${when}`;
  return request.reused.includes(id) ? `reused, in the store since ${when}` : `trained for it, ended ${when}`;
}

function todayWords({ artifact }: RecordedRequest, { meant, means, other, unknown }: Today): string {
  if (unknown) return `What the same request for ${artifact} means today cannot be said: ${unknown}.`;
  if (means === 0) return `The same request for ${artifact} trains nothing.`;
  if (other.length === 0 && means === meant)
    return `The same request for ${artifact} means the same ${count(meant)} runs today.`;
  return `The same request for ${artifact} meant ${count(meant)} runs and means ${count(means)} today, ${count(other.length)} of them others:`;
}

const otherWords = ({ id, nearest }: Today['other'][number]) =>
  `    ${id}${nearest ? ` instead of ${nearest.id}: ${nearest.differences.map(inWords).join(', ')}` : ''}`;

function madeLines(origin: Origin, title: string): string[] {
  const seconds = (origin.endedAt.getTime() - origin.startedAt.getTime()) / 1000;
  return [
    '',
    `${title} ${at(origin.endedAt)}, in ${seconds < 1 ? 'less than a second' : duration(seconds)}`,
    ...[...origin.software].map(([name, version]) => `  ${name} ${version}`),
    `  on ${origin.device === 'none' ? '' : `${origin.device}, `}${origin.machine}`,
  ];
}

function inputLines(inputs: Input[], about: string[]): string[] {
  const changed = inputs.filter(({ state }) => state !== 'unchanged');
  return [
    '',
    inputs.length === 0
      ? 'From nothing that lies in the store'
      : changed.length === 0
        ? `From ${count(inputs.length)} ${inputs.length === 1 ? 'object' : 'objects'} of the store, ${inputs.length === 1 ? 'unchanged' : 'all unchanged'}`
        : `From ${count(inputs.length)} objects of the store; ${count(changed.length)} ${changed.length === 1 ? 'is' : 'are'} not what it was`,
    ...about,
    ...inputs.map(
      ({ key, sha256, state }) =>
        `  ${state === 'unchanged' ? '' : `${state}: `}${key} (SHA-256 ${sha256.slice(0, 12)}…)`,
    ),
  ];
}

function changedVersions({ software }: Origin, versions: Record<string, string>): string[] {
  const changed = Object.entries(versions).flatMap(([name, now]) => {
    const then = software.get(name);
    return then && then !== now ? [`  ${name} ${then} → ${now}`] : [];
  });
  return changed.length > 0 ? changed : ['  The same version of the code and of Node.'];
}

const at = (date: Date) => `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
