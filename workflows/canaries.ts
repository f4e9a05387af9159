/** Canaries: stored runs that are trained again each night, since whatever is in the store is answered from there and
 *  would never show that a library or a device has changed. The night decides which; in time every run has its turn. */
import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  proxyActivities,
} from '@temporalio/workflow';
import type {
  Activities,
  ArtifactName,
  Canary,
  CanaryRun,
  Limits,
  PaperOptions,
  UnboundRun,
} from '../activities/contract.ts';
import { figure1Grid } from './figure-1.ts';
import { figure2Grid } from './figure-2.ts';
import * as options from './options.ts';
import { inputOf } from './paper.ts';
import { table1Grid } from './table-1.ts';
import { table4Grid } from './table-4.ts';
import { describe } from './train-all.ts';

export interface CanaryRequest {
  request: PaperOptions;
  limits: Limits;
  count: number;
  /** Those that an earlier night began come first. */
  unfinished: CanaryRun[];
  /** Its number: the next one takes the next runs. */
  night: number;
  salt: string;
}

export interface CanaryProgress {
  id: string;
  title: string;
  state: 'waiting' | 'trained' | 'failed';
}

/** Those that are not done when time is up come back with neither outcome nor failure. */
export async function retrainCanaries(
  asked: CanaryRequest,
  timeIsUp: Promise<void>,
  show: (canaries: CanaryProgress[]) => void,
): Promise<Canary[]> {
  if (asked.count === 0) return [];
  const scope = new CancellationScope();
  timeIsUp.then(
    () => scope.cancel(),
    () => {}, // the night itself is cancelled
  );
  const { awaitTraining } = proxyActivities<Activities>(options.waiting(asked.limits));
  let chosen = asked.unfinished.slice(0, asked.count);
  const done: Canary[] = [];
  const shown = () =>
    chosen.map(({ title, planned: { id } }, k): CanaryProgress => {
      const state = !done[k] ? 'waiting' : done[k].outcome ? 'trained' : 'failed';
      return { id, title, state };
    });
  try {
    await scope.run(async () => {
      chosen = [...chosen, ...(await chooseCanaries({ ...asked, count: asked.count - chosen.length }))];
      show(shown());
      for (const canary of chosen) {
        const summary = `canary: ${canary.title}`;
        const end = await awaitTraining
          .executeWithOptions({ summary }, [{ planned: canary.planned }])
          .then((outcome) => ({ outcome, failure: null }))
          .catch((error: unknown) => ({ outcome: null, failure: failureOf(error) }));
        done.push({ ...canary, ...end });
        show(shown());
      }
    });
  } catch (error) {
    if (!isCancellation(error) || CancellationScope.current().consideredCancelled) throw error;
  }
  return [
    ...done,
    ...chosen.slice(done.length).map((canary) => ({ ...canary, outcome: null, failure: null })),
  ];
}

const WINDOW = 8;

/** From where the night begins in the list of all runs, the first that the store has. */
async function chooseCanaries({ request, limits, count, night, salt }: CanaryRequest): Promise<CanaryRun[]> {
  const light = proxyActivities<Activities>(options.quick);
  const { fetchDataset } = proxyActivities<Activities>(options.data(limits));
  const runs = await runsOf(request);
  if (count === 0 || runs.length === 0) return [];
  const { id: dataset } = await fetchDataset({ name: request.dataset, source: request.source });
  const start = (night * count) % runs.length;
  const inTurn = [...runs.slice(start), ...runs.slice(0, start)];
  const chosen: CanaryRun[] = [];
  for (let from = 0; from < inTurn.length && chosen.length < count; from += WINDOW) {
    const some = inTurn.slice(from, from + WINDOW);
    const salted = some.map((run) => ({ ...run, trajectory: { ...run.trajectory, salt } }));
    const plans = await light.planRuns({ dataset, runs: [...some, ...salted] });
    some.forEach((_, index) => {
      const { planned: original, outcome: stored } = plans[index];
      const { planned } = plans[some.length + index];
      if (stored && chosen.length < count) chosen.push({ title: describe(original), planned, stored });
    });
  }
  return chosen;
}

/** Every run of what is asked for, each once, in the order of the paper. */
async function runsOf(request: PaperOptions): Promise<UnboundRun[]> {
  const { readOptions } = proxyActivities<Activities>(options.quick);
  const gridOf: Partial<Record<ArtifactName, (input: unknown) => Promise<{ run: UnboundRun }[]>>> = {
    'figure-1': async (input) =>
      figure1Grid((await readOptions({ workflow: 'reproduceFigure1', input })).options),
    'figure-2': async (input) =>
      figure2Grid((await readOptions({ workflow: 'reproduceFigure2', input })).options),
    'table-1': async (input) =>
      table1Grid((await readOptions({ workflow: 'reproduceTable1', input })).options),
    'table-4': async (input) =>
      table4Grid((await readOptions({ workflow: 'reproduceTable4', input })).options),
  };
  const runs = new Map<string, UnboundRun>();
  for (const artifact of request.artifacts) {
    const grid = (await gridOf[artifact]?.(inputOf(artifact, request))) ?? [];
    for (const { run } of grid) runs.set(JSON.stringify(run), run);
  }
  return [...runs.values()];
}

/** What a canary died of is a result of its own; that it was cut short goes up. */
function failureOf(error: unknown): { type: string; message: string } {
  if (error instanceof ActivityFailure && error.cause instanceof ApplicationFailure) {
    return { type: error.cause.type ?? 'Failed', message: error.cause.message };
  }
  throw error;
}
