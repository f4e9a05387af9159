/** The first half of every figure and table of trained networks: its input is read, its data set is there, its grid is
 *  planned, and what the store lacks is trained. */
import { defineQuery, proxyActivities, setCurrentDetails, setHandler } from '@temporalio/workflow';
import type {
  Activities,
  DatasetId,
  DatasetName,
  DatasetRef,
  Limits,
  TrainedRun,
  UnboundRun,
} from '../activities/contract.ts';
import * as options from './options.ts';
import { describe, trainAll } from './train-all.ts';

/** State of every training an artifact needs, in the order of its grid. */
export interface ReproductionProgress {
  /** fitting: what is solved rather than trained. */
  phase: 'data' | 'fitting' | 'training' | 'drawing' | 'done';
  runs: { id: string; title: string; state: 'waiting' | 'stored' | 'trained' | 'failed' }[];
}

export const progressQuery = defineQuery<ReproductionProgress>('progress');

export interface Trained<Place> {
  runs: (Place & TrainedRun)[];
  /** Runs that were in the store before. */
  stored: number;
}

/** Answers the `progress` query of a workflow. */
export function showProgress(): ReproductionProgress {
  const progress: ReproductionProgress = { phase: 'data', runs: [] };
  setHandler(progressQuery, () => progress);
  return progress;
}

/** place: what a run stands for in the artifact; it comes back with the run's outcome. */
export async function trainGrid<Place extends object>(
  asked: { dataset: DatasetName; source: string | null },
  limits: Limits,
  grid: { place: Place; run: UnboundRun }[],
  progress: ReproductionProgress,
): Promise<Trained<Place> & { dataset: DatasetRef }> {
  const { fetchDataset } = proxyActivities<Activities>(options.data(limits));
  const dataset = await fetchDataset({ name: asked.dataset, source: asked.source });
  return { dataset, ...(await trainRuns(dataset.id, limits, grid, progress)) };
}

/** The same on a data set that is there. */
export async function trainRuns<Place extends object>(
  dataset: DatasetId,
  limits: Limits,
  grid: { place: Place; run: UnboundRun }[],
  progress: ReproductionProgress,
): Promise<Trained<Place>> {
  const { planRuns } = proxyActivities<Activities>(options.quick);
  const plans = await planRuns({ dataset, runs: grid.map(({ run }) => run) });

  progress.phase = 'training';
  progress.runs = plans.map(({ planned, outcome }) => ({
    id: planned.id,
    title: describe(planned),
    state: outcome ? 'stored' : 'waiting',
  }));
  const show = () => setCurrentDetails(progress.runs.map((run) => `- ${run.state}: ${run.title}`).join('\n'));
  show();
  const trained = await trainAll(plans, limits, (done) => {
    const row = progress.runs.find(({ id }) => id === done.planned.id);
    if (row && row.state === 'waiting') row.state = done.outcome ? 'trained' : 'failed';
    show();
  });
  progress.phase = 'drawing';
  return {
    runs: trained.map((run, index) => ({ ...grid[index].place, ...run })),
    stored: plans.filter(({ outcome }) => outcome).length,
  };
}
