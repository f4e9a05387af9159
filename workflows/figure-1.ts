/** Figure 1: the same network, unchanged, fits true labels, random labels and noise (claim A).
 *  a: training loss under five conditions; b: time to overfit, and c: test error, against label corruption.
 *  quick: twelve trainings of 512 images, about a quarter of an hour on two cores; paper: 36 trainings. */
import { proxyActivities } from '@temporalio/workflow';
import type {
  Activities,
  Condition,
  Corruption,
  Figure1Options,
  FigureRun,
  Reproduction,
  UnboundRun,
} from '../activities/contract.ts';
import { bounded } from './bounded-input.ts';
import * as options from './options.ts';
import { PROFILES } from './profiles.ts';
import { recipe, TRUE_LABELS } from './recipe.ts';
import { ofTrainings, showProgress, trainGrid } from './train-grid.ts';

/** Section 2.1. */
const CONDITIONS: Record<Condition, Omit<Corruption, 'seed'>> = {
  'true-labels': TRUE_LABELS,
  'random-labels': { labels: 1, pixels: 'intact' },
  'shuffled-pixels': { labels: 0, pixels: 'shuffled' },
  'random-pixels': { labels: 0, pixels: 'random' },
  gaussian: { labels: 0, pixels: 'gaussian' },
};

export type Figure1Result = Reproduction & { runs: FigureRun[] };

export const reproduceFigure1 = ofTrainings(async (input, carried): Promise<Figure1Result> => {
  const progress = showProgress(carried);
  const light = proxyActivities<Activities>(options.quick);
  const { options: asked, limits } = await light.readOptions({
    workflow: 'reproduceFigure1',
    input: bounded(input),
  });
  const { dataset, runs, stored } = await trainGrid(asked, limits, figure1Grid(asked), progress);

  const { profile, panels } = asked;
  const figures = await Promise.all(
    panels.map((panel) =>
      light.drawFigure({
        figure: `1${panel}`,
        profile,
        dataset,
        runs: runs.filter((run) => belongs(run, panel)),
      }),
    ),
  );
  const made = { workflow: 'reproduceFigure1', input: asked, figures, tables: [], stored };
  const reproduction = await light.judge({ artifact: 'figure-1', profile, dataset, runs, panels, ...made });
  progress.phase = 'done';
  return { ...reproduction, runs };
});

const belongs = (run: FigureRun, panel: 'a' | 'b' | 'c') =>
  panel === 'a' ? run.condition !== null : run.corruptionLevel !== null;

type Place = Pick<FigureRun, 'condition' | 'corruptionLevel'>;

/** The runs of Figure 1. A run that two panels need (random labels are corruption 1) stands once. */
export function figure1Grid(asked: Figure1Options): { place: Place; run: UnboundRun }[] {
  const scale = PROFILES[asked.profile];
  const levels = asked.corruptionLevels ?? scale.corruptionLevels;
  const { precision, regularization } = asked;
  const grid = new Map<string, { place: Place; run: UnboundRun }>();
  const put = (run: UnboundRun, where: Partial<Place>) => {
    const key = JSON.stringify(run);
    const place = { condition: null, corruptionLevel: null, ...grid.get(key)?.place, ...where };
    grid.set(key, { place, run });
  };
  for (const seed of asked.seeds) {
    if (asked.panels.includes('a')) {
      for (const condition of asked.conditions) {
        const corruption = CONDITIONS[condition];
        put(recipe(scale, { model: asked.models[0], corruption, seed, precision, regularization }), {
          condition,
        });
      }
    }
    if (asked.panels.includes('b') || asked.panels.includes('c')) {
      for (const model of asked.models) {
        for (const level of levels) {
          const corruption = { labels: level, pixels: 'intact' } as const;
          put(recipe(scale, { model, corruption, seed, precision, regularization }), {
            corruptionLevel: level,
          });
        }
      }
    }
  }
  return [...grid.values()];
}
