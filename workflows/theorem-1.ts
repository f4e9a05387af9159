/** Theorem 1, with Lemma 1 and Corollary 1: on real images and any labels, the network of 2n + d weights and the deep ones
 *  are built, and held to every label. It trains nothing: 19 seconds for all 50,000 images; as many generated points as
 *  ImageNet has images take five minutes and a kilobyte of memory a point. */
import { proxyActivities } from '@temporalio/workflow';
import type { Activities, DatasetRef, Profile, Reproduction, TheoremSample } from '../activities/contract.ts';
import { bounded } from './bounded-input.ts';
import * as options from './options.ts';
import { showProgress } from './train-grid.ts';

/** First training images; null takes all. */
const POINTS: Record<Profile, number | null> = { smoke: 200, quick: 10_000, paper: null };

export async function verifyTheorem1(input: unknown = {}): Promise<Reproduction> {
  const progress = showProgress();
  const light = proxyActivities<Activities>(options.quick);
  const { options: asked, limits } = await light.readOptions({
    workflow: 'verifyTheorem1',
    input: bounded(input),
  });
  const { fetchDataset, fitTheorem } = proxyActivities<Activities>(options.data(limits));
  const { profile, labels, seed } = asked;
  let dataset: DatasetRef | null = null;
  let sample: TheoremSample;
  if (asked.generated === null) {
    dataset = await fetchDataset({ name: asked.dataset, source: asked.source });
    sample = { dataset: dataset.id, points: asked.points ?? POINTS[profile] };
  } else {
    sample = { generated: asked.generated };
  }
  progress.phase = 'fitting';
  const theorem = await progress.hold.through(() => fitTheorem({ sample, labels, seed }));

  progress.phase = 'drawing';
  const of = { profile, dataset, labels, seed, theorem };
  const figures = await Promise.all([
    light.drawFigure({ figure: 'theorem-1-function', ...of }),
    light.drawFigure({ figure: 'theorem-1-error', ...of }),
    light.drawFigure({ figure: 'theorem-1-projection', ...of }),
    light.drawFigure({ figure: 'corollary-1', ...of }),
  ]);
  const made = { workflow: 'verifyTheorem1', input: asked, figures, tables: [], stored: 0 };
  const reproduction = await light.judge({ artifact: 'theorem-1', ...of, ...made });
  progress.phase = 'done';
  return reproduction;
}
