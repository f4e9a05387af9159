/** Figure 1: the same network, unchanged, fits true labels, random labels and noise (claim A).
 *  a: training loss under five conditions; b: time to overfit, and c: test error, against label corruption.
 *  quick: twelve trainings of 512 images, about a quarter of an hour on two cores; paper: 36 trainings. */
import { defineQuery, proxyActivities, setCurrentDetails, setHandler } from '@temporalio/workflow';
import type {
  Activities,
  Condition,
  Corruption,
  DatasetRef,
  DrawnFigure,
  Figure1Options,
  FigureRun,
  ObjectRef,
  UnboundRun,
  Verdict,
} from '../activities/contract.ts';
import * as options from './options.ts';
import { PROFILES } from './profiles.ts';
import { recipe, TRUE_LABELS } from './recipe.ts';
import { type Cell, describe, trainAll } from './train-all.ts';

/** Section 2.1. */
const CONDITIONS: Record<Condition, Omit<Corruption, 'seed'>> = {
  'true-labels': TRUE_LABELS,
  'random-labels': { labels: 1, pixels: 'intact' },
  'shuffled-pixels': { labels: 0, pixels: 'shuffled' },
  'random-pixels': { labels: 0, pixels: 'random' },
  gaussian: { labels: 0, pixels: 'gaussian' },
};

export interface Figure1Result {
  dataset: DatasetRef;
  figures: DrawnFigure[];
  verdicts: Verdict[];
  verdictsJson: ObjectRef;
  verdictsMarkdown: ObjectRef;
  runs: FigureRun[];
  /** Runs that were in the store before this one started. */
  stored: number;
}

/** State of every training the figure needs, in the order of the grid. */
export interface Figure1Progress {
  phase: 'data' | 'training' | 'drawing' | 'done';
  runs: { id: string; title: string; state: 'waiting' | 'stored' | 'trained' | 'failed' }[];
}

export const progressQuery = defineQuery<Figure1Progress>('progress');

export async function reproduceFigure1(input: unknown = {}): Promise<Figure1Result> {
  const progress: Figure1Progress = { phase: 'data', runs: [] };
  setHandler(progressQuery, () => progress);

  const light = proxyActivities<Activities>(options.quick);
  const { options: asked, limits } = await light.readOptions({ workflow: 'reproduceFigure1', input });

  const { fetchDataset } = proxyActivities<Activities>(options.data(limits));
  const dataset = await fetchDataset({ name: asked.dataset, source: asked.source });

  const grid = figure1Grid(asked);
  const plans = await light.planRuns({ dataset: dataset.id, runs: grid.map(({ run }) => run) });
  const cells = grid.map(({ run: _, ...place }, index): Cell => ({ ...place, ...plans[index] }));

  progress.phase = 'training';
  progress.runs = cells.map(({ planned, outcome }) => ({
    id: planned.id,
    title: describe(planned),
    state: outcome ? 'stored' : 'waiting',
  }));
  const show = () => setCurrentDetails(progress.runs.map((run) => `- ${run.state}: ${run.title}`).join('\n'));
  show();
  const runs = await trainAll(cells, limits, (done) => {
    const row = progress.runs.find(({ id }) => id === done.planned.id);
    if (row && row.state === 'waiting') row.state = done.outcome ? 'trained' : 'failed';
    show();
  });

  progress.phase = 'drawing';
  const { profile, panels } = asked;
  const figures = await Promise.all(
    panels.map((panel) =>
      light.drawFigure({ panel, profile, dataset, runs: runs.filter((run) => belongs(run, panel)) }),
    ),
  );
  const judged = await light.judgeFigure1({ profile, dataset, runs, panels });
  progress.phase = 'done';
  return {
    dataset,
    figures,
    verdicts: judged.verdicts,
    verdictsJson: judged.json,
    verdictsMarkdown: judged.markdown,
    runs,
    stored: plans.filter(({ outcome }) => outcome).length,
  };
}

const belongs = (run: FigureRun, panel: 'a' | 'b' | 'c') =>
  panel === 'a' ? run.condition !== null : run.corruptionLevel !== null;

/** The runs of Figure 1. A run that two panels need (random labels are corruption 1) stands once. */
export function figure1Grid(
  asked: Figure1Options,
): { condition: Condition | null; corruptionLevel: number | null; run: UnboundRun }[] {
  const scale = PROFILES[asked.profile];
  const levels = asked.corruptionLevels ?? scale.corruptionLevels;
  const { precision } = asked;
  const grid = new Map<
    string,
    { condition: Condition | null; corruptionLevel: number | null; run: UnboundRun }
  >();
  const place = (run: UnboundRun, where: { condition: Condition } | { corruptionLevel: number }) => {
    const key = JSON.stringify(run);
    grid.set(key, { condition: null, corruptionLevel: null, ...grid.get(key), ...where, run });
  };
  for (const seed of asked.seeds) {
    if (asked.panels.includes('a')) {
      for (const condition of asked.conditions) {
        place(recipe(scale, { model: asked.models[0], corruption: CONDITIONS[condition], seed, precision }), {
          condition,
        });
      }
    }
    if (asked.panels.includes('b') || asked.panels.includes('c')) {
      for (const model of asked.models) {
        for (const level of levels) {
          const corruption = { labels: level, pixels: 'intact' } as const;
          place(recipe(scale, { model, corruption, seed, precision }), { corruptionLevel: level });
        }
      }
    }
  }
  return [...grid.values()];
}
