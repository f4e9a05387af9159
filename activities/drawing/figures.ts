/** Every figure by its name: which file of each run it reads, and who draws it. */
import type { DrawRequest } from '../contract.ts';
import { parseEvaluations } from '../verdicts/early-stopping.ts';
import { figure1a } from './figure-1a.ts';
import { figure1b } from './figure-1b.ts';
import { figure1c } from './figure-1c.ts';
import { figure2a } from './figure-2a.ts';
import { figure2b } from './figure-2b.ts';
import { figure3 } from './figure-3.ts';
import type { Drawing } from './line-chart.ts';
import { parseCurve } from './running-mean.ts';
import { trainingCurves } from './training-curves.ts';

export type FigureName = DrawRequest['figure'];

/** Curves: `step,loss` of every step. Evaluations: the looks at both splits. */
type RunFile = 'curve' | 'evaluations';

export const READS: Record<FigureName, RunFile | null> = {
  '1a': 'curve',
  '1b': null,
  '1c': null,
  '2a': 'evaluations',
  '2b': 'evaluations',
  '3': null,
  'table-1': 'curve',
  'table-2': 'curve',
  'table-4': 'curve',
};

/** files: text by run id, of the runs that have one. */
export function drawing(request: DrawRequest, files: ReadonlyMap<string, string>): Drawing {
  const curves = () => new Map([...files].map(([id, text]) => [id, parseCurve(text, `the curve of ${id}`)]));
  const looks = () =>
    new Map([...files].map(([id, text]) => [id, parseEvaluations(text, `the evaluations of ${id}`)]));
  switch (request.figure) {
    case '1a':
      return figure1a(request, curves());
    case '1b':
      return figure1b(request);
    case '1c':
      return figure1c(request);
    case '2b':
      return figure2b(request, looks());
    case '3':
      return figure3(request);
    case '2a':
      return figure2a(request, looks());
    case 'table-1':
    case 'table-2':
    case 'table-4':
      return trainingCurves(request, curves());
  }
}
