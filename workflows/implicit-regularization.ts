/** Section 5, claim D: SGD from zero on a linear model against the least-norm solution of Kα = y, kernel machines that fit
 *  everything and generalise, or do not, and their norms. It trains no network: at `quick` 20 seconds of two cores on
 *  MNIST, two minutes on CIFAR-10. */
import { proxyActivities } from '@temporalio/workflow';
import type {
  Activities,
  DatasetId,
  ImplicitRegularizationOptions,
  Profile,
  Reproduction,
} from '../activities/contract.ts';
import { bounded } from './bounded-input.ts';
import * as options from './options.ts';
import { showProgress } from './train-grid.ts';

/** Images. The linear model takes a part of what an image has pixels, so that more weights than images are left. */
const SIZES: Record<
  Profile,
  { pointsPerDimension: number; trainImages: number; testImages: number; choosing: number }
> = {
  smoke: { pointsPerDimension: 1 / 128, trainImages: 60, testImages: 100, choosing: 60 },
  quick: { pointsPerDimension: 1 / 16, trainImages: 2000, testImages: 1000, choosing: 1000 },
  paper: { pointsPerDimension: 1 / 8, trainImages: 5000, testImages: 10_000, choosing: 5000 },
};

export async function verifyImplicitRegularization(input: unknown = {}): Promise<Reproduction> {
  const workflow = 'verifyImplicitRegularization';
  const progress = showProgress();
  const light = proxyActivities<Activities>(options.quick);
  const { options: asked, limits } = await light.readOptions({ workflow, input: bounded(input) });
  const { fetchDataset, descendLinear, fitInterpolants } = proxyActivities<Activities>(options.data(limits));
  const { profile, seed } = asked;
  const dataset = await fetchDataset({ name: asked.dataset, source: asked.source });
  progress.phase = 'fitting';
  const parts = partsOf(asked, dataset.id);
  const descent = await descendLinear(parts.descent);
  const machines = await fitInterpolants(parts.interpolants);

  progress.phase = 'drawing';
  const made = { profile, dataset, seed, descent, machines };
  const figures = await Promise.all([
    light.drawFigure({ figure: 'sgd-distance', ...made }),
    light.drawFigure({ figure: 'sgd-optima', ...made }),
  ]);
  const tables = [await light.writeTable({ table: 'interpolants', ...made })];
  const reproduction = await light.judge({
    artifact: 'implicit-regularization',
    ...made,
    ...{ workflow, input: asked, figures, tables, stored: 0 },
  });
  progress.phase = 'done';
  return reproduction;
}

/** What its two parts are asked for. */
export function partsOf({ profile, points, seed }: ImplicitRegularizationOptions, dataset: DatasetId) {
  const { pointsPerDimension, trainImages, testImages, choosing } = SIZES[profile];
  const of = { dataset, testImages, seed };
  return {
    descent: { ...of, points, pointsPerDimension },
    interpolants: { ...of, trainImages, choosing },
  };
}
