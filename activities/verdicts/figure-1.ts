/** All that Figure 1 claims, judged from its runs. */
import type { Cifar10Model, Verdict } from '../contract.ts';
import { judgeCells } from './cells.ts';
import { FIGURE_1_MODELS } from './claims.ts';
import type { JudgedRequest } from './decide.ts';
import { judgePanelA } from './panel-a.ts';
import { judgePanelB } from './panel-b.ts';
import { judgePanelC } from './panel-c.ts';
import { unlessRegularized } from './regularizers.ts';
import { isOfTable1 } from './table-1.ts';

export function judgeFigure1(request: JudgedRequest): Verdict[] {
  const inGrid = request.runs.filter(({ corruptionLevel }) => corruptionLevel !== null);
  const models = modelsOf(inGrid);
  const judged = models.length > 0 ? models : FIGURE_1_MODELS;
  return unlessRegularized(request.runs, [
    ...judgePanelA(request),
    ...judgePanelB(request, judged),
    ...judgePanelC(request, judged),
    ...judgeCells(request, modelsOf(request.runs)),
  ]);
}

const modelsOf = (runs: JudgedRequest['runs']): Cifar10Model[] => [
  ...new Set(runs.map(({ planned }) => planned.run.trajectory.model).filter(isOfTable1)),
];
