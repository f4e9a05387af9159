/** Figure 3: the architecture, drawn from the definition that is trained, and held to the paper's own. No data and no
 *  training: seconds. */
import { proxyActivities } from '@temporalio/workflow';
import type { Activities, Reproduction } from '../activities/contract.ts';
import { bounded } from './bounded-input.ts';
import * as options from './options.ts';
import { showProgress } from './train-grid.ts';

export async function reproduceFigure3(input: unknown = {}): Promise<Reproduction> {
  const progress = showProgress();
  const light = proxyActivities<Activities>(options.quick);
  const { options: asked } = await light.readOptions({ workflow: 'reproduceFigure3', input: bounded(input) });
  progress.phase = 'drawing';
  const { model } = asked;
  const figures = [await light.drawFigure({ figure: '3', model })];
  const made = { workflow: 'reproduceFigure3', input: asked, figures, tables: [], stored: 0 };
  const reproduction = await light.judge({ artifact: 'figure-3', model, ...made });
  progress.phase = 'done';
  return reproduction;
}
