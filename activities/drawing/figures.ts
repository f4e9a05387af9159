/** Every figure by its name: which file of each run it reads, and who draws it. */
import { type DrawRequest, LinearDescent, TheoremNumbers } from '../contract.ts';
import { looksOf } from '../verdicts/early-stopping.ts';
import { corollary1 } from './corollary-1.ts';
import { figure1a } from './figure-1a.ts';
import { figure1b } from './figure-1b.ts';
import { figure1c } from './figure-1c.ts';
import { figure2a } from './figure-2a.ts';
import { figure2b } from './figure-2b.ts';
import { figure3 } from './figure-3.ts';
import type { Drawing } from './line-chart.ts';
import { parseCurve } from './running-mean.ts';
import { sgdDistance } from './sgd-distance.ts';
import { sgdOptima } from './sgd-optima.ts';
import { theorem1Error } from './theorem-1-error.ts';
import { theorem1Function } from './theorem-1-function.ts';
import { theorem1Projection } from './theorem-1-projection.ts';
import { trainingCurves } from './training-curves.ts';

export type FigureName = DrawRequest['figure'];

/** Curves: `step,loss` of every step. Evaluations: the looks at both splits. Numbers: what Theorem 1, or a
 *  linear model, came to. */
type ReadFile = 'curve' | 'evaluations' | 'numbers';

export const READS: Record<FigureName, ReadFile | null> = {
  '1a': 'curve',
  '1b': null,
  '1c': null,
  '2a': 'evaluations',
  '2b': 'evaluations',
  '3': null,
  'table-1': 'curve',
  'table-2': 'curve',
  'table-4': 'curve',
  'theorem-1-function': 'numbers',
  'theorem-1-error': 'numbers',
  'theorem-1-projection': 'numbers',
  'corollary-1': 'numbers',
  'sgd-distance': 'numbers',
  'sgd-optima': 'numbers',
};

/** What the numbers of Theorem 1 are called among the files. */
export const THEOREM = 'theorem-1';
/** And those of the descents of linear models. */
export const DESCENT = 'descent';

/** files: text by run id, of the runs that have one; the numbers of Theorem 1. */
export function drawing(request: DrawRequest, files: ReadonlyMap<string, string>): Drawing {
  const curves = () => new Map([...files].map(([id, text]) => [id, parseCurve(text, `the curve of ${id}`)]));
  const looks = () => looksOf(files);
  const descent = () => LinearDescent.parse(JSON.parse(files.get(DESCENT)!));
  const numbers = () => TheoremNumbers.parse(JSON.parse(files.get(THEOREM)!));
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
    case 'theorem-1-function':
      return theorem1Function(request, numbers());
    case 'theorem-1-error':
      return theorem1Error(request, numbers());
    case 'theorem-1-projection':
      return theorem1Projection(request, numbers());
    case 'corollary-1':
      return corollary1(request, numbers());
    case 'sgd-distance':
      return sgdDistance(request, descent());
    case 'sgd-optima':
      return sgdOptima(request, descent());
  }
}
