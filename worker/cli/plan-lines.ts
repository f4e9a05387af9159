/** A plan for a terminal: what it costs first, then a line a training, then where the speeds come from. */
import { inWords } from '../../activities/comparison/settings.ts';
import type { Pace } from '../../activities/plan/pace.ts';
import type { PlannedTraining } from '../../activities/plan/plan.ts';
import type { PlannedSolve } from '../../activities/plan/solves.ts';
import { describe } from '../../workflows/train-all.ts';
import { duration, rate } from './rows.ts';
import { count, size } from './said.ts';

export interface Plan {
  command: string;
  profile: string | null;
  /** sha256: null while the data set is not in the store. */
  images: { name: string; sha256: string | null } | null;
  /** underWay: its workflow is open: it trains, waits or is paused. */
  trainings: (PlannedTraining & { underWay: boolean })[];
  /** In their order, one after another. */
  solves: PlannedSolve[];
  /** Of prepared images that the store lacks. */
  preparedBytes: number;
  /** Whether the workers may be anywhere, so that speeds of any machine count. */
  anywhere: boolean;
}

// With more of them the nearest run is not near.
const FIELDS_SHOWN = 4;

export function planLines(plan: Plan): string[] {
  const { command, profile, images, trainings, solves } = plan;
  const heading = [command, ...(profile ? [`${profile} profile`] : []), ...(images ? [images.name] : [])];
  const started = `Nothing was started: \`npm run ${command}\` with the same flags does it.`;
  if (trainings.length === 0) {
    const what = solves.length > 0 ? [...solveLines(solves), '', started] : ['It trains no network.'];
    return [heading.join(' · '), ...what];
  }
  return [
    heading.join(' · '),
    ...(images?.sha256 === null
      ? [
          'The data set is not in the store yet, and its digest is part of every run’s id: what is listed as new may be',
          'stored under the same images from another archive. The first start reads the data set; then this is known.',
        ]
      : []),
    ...summary(plan),
    '',
    ...trainings.flatMap((training) => lines(training, images?.sha256 != null)),
    ...measures(plan),
    ...(solves.length > 0 ? ['', ...solveLines(solves)] : []),
    '',
    started,
  ];
}

/** What is solved rather than trained. */
function solveLines(solves: PlannedSolve[]): string[] {
  const todo = solves.filter(({ stored }) => !stored);
  const timed = todo.flatMap(({ seconds }) => seconds ?? []);
  const time = `about ${duration(timed.reduce((sum, seconds) => sum + seconds, 0))} one after another`;
  const all =
    timed.length === 0
      ? 'Time: not measured yet at this size.'
      : `Time: ${time}${timed.length < todo.length ? ` for ${timed.length} of them, not measured yet at this size for the others` : ''}.`;
  return [
    todo.length === 0
      ? `${count(solves.length)} solved, all in the store: it answers at once.`
      : `To solve: ${count(todo.length)}${todo.length < solves.length ? ` of ${count(solves.length)}, the others are in the store` : ''}. ${all}`,
    '',
    ...solves.map(({ title, stored, seconds, measures }) => {
      if (stored) return `✓ ${title}: stored`;
      if (seconds === null) return `· ${title}: time not measured yet`;
      return `· ${title}: about ${duration(seconds)} (${measures === 1 ? 'one stored one' : `median of ${measures} stored ones`} of this size)`;
    }),
  ];
}

function summary({ trainings, preparedBytes }: Plan): string[] {
  const counts = (['stored', 'goes on', 'damaged', 'new'] as const).flatMap((state) => {
    const found = trainings.filter((training) => training.state === state).length;
    return found > 0 ? [`${count(found)} ${WORD[state](found)}`] : [];
  });
  const needed = `${count(trainings.length)} ${trainings.length === 1 ? 'training' : 'trainings'}`;
  const todo = trainings.filter(({ state }) => state !== 'stored');
  if (todo.length === 0) return [`${needed}, all in the store: it answers at once.`];
  const steps = todo.reduce((sum, training) => sum + training.steps, 0);
  const timed = todo.filter(({ seconds }) => seconds !== null);
  const seconds = timed.reduce((sum, training) => sum + (training.seconds ?? 0), 0);
  const bytes = todo.reduce((sum, training) => sum + training.bytes, preparedBytes);
  const time = `about ${duration(seconds)} one after another`;
  return [
    `${needed}: ${counts.join(', ')}.`,
    `Steps to train: ${mayStop(todo) ? 'at most ' : ''}${count(steps)}. ` +
      `Time for all of them: ${
        timed.length === 0
          ? 'not measured yet'
          : timed.length < todo.length
            ? `${time} for ${timed.length} of them, not measured yet for the others`
            : time
      }. Store: at most ${size(bytes)} more.`,
  ];
}

const WORD: Record<PlannedTraining['state'], (found: number) => string> = {
  stored: () => 'in the store',
  'goes on': (found) => `${found === 1 ? 'goes' : 'go'} on from a checkpoint`,
  damaged: () => 'damaged in the store and trained again',
  new: () => 'from the start',
};

const mayStop = (trainings: PlannedTraining[]) =>
  trainings.some(({ planned: { run } }) => run.stop.when !== null || run.stop.patience);

function lines(training: PlannedTraining & { underWay: boolean }, datasetKnown: boolean): string[] {
  const { planned, state, begins, steps, seconds, nearest, underWay } = training;
  const title = `${describe(planned)}${datasetKnown ? ` [${planned.id}]` : ''}`;
  if (state === 'stored') return [`✓ ${title}: stored`];
  const todo = [
    ...(begins
      ? [
          `goes on after step ${count(begins.step)}${begins.run === planned.id ? '' : ` of run ${begins.run}`}`,
        ]
      : []),
    `${mayStop([training]) ? 'at most ' : ''}${count(steps)} steps`,
    seconds === null ? 'time not measured yet' : `about ${duration(seconds)}`,
    ...(underWay ? ['on its way already'] : []),
  ];
  const why =
    state === 'damaged'
      ? ['its stored bytes are damaged: they are set aside, and it is trained again']
      : nearest && datasetKnown && nearest.differences.length <= FIELDS_SHOWN
        ? [because(nearest)]
        : [];
  return [`${begins ? '▸' : '·'} ${title}: ${todo.join(', ')}`, ...why.map((line) => `    ${line}`)];
}

function because({ id, differences }: NonNullable<PlannedTraining['nearest']>): string {
  return `not stored; nearest is ${id}: ${differences.map(inWords).join(', ')}`;
}

/** One line for each network that is to be trained. */
function measures({ trainings, anywhere }: Plan): string[] {
  const todo = trainings.filter(({ state }) => state !== 'stored');
  const said = todo.map(
    ({
      planned: {
        run: { trajectory },
      },
      pace,
    }) => {
      const what = `${trajectory.model}${trajectory.precision === 'float32' ? '' : ` in ${trajectory.precision}`}`;
      return pace
        ? `${what}: ${wordsOf(pace)}`
        : `${what}: not measured yet ${anywhere ? 'by any run of the store' : 'on this machine'}; a first finished training of it measures it`;
    },
  );
  return todo.length === 0 ? [] : ['', 'Speed', ...[...new Set(said)].map((line) => `  ${line}`)];
}

function wordsOf(pace: Pace): string {
  const { stepsPerSecond, startSeconds, runs, device, machine, sameScale } = pace;
  return [
    `${rate(stepsPerSecond)} steps/s`,
    ...(startSeconds >= 1 ? [`after ${duration(startSeconds)} to load`] : []),
    `${runs === 1 ? 'one stored run' : `median of ${runs} stored runs`} on ${device} (${machine})`,
    ...(sameScale ? [] : ['at another number of images or evaluations']),
  ].join(', ');
}
