/** Who judges which artifact. */
import type { Cifar10Model, JudgeRequest, LinearDescent, TheoremNumbers, Verdict } from '../contract.ts';
import { looksOf } from './early-stopping.ts';
import { judgeFigure1 } from './figure-1.ts';
import { judgeFigure2 } from './figure-2.ts';
import { type Definition, judgeFigure3 } from './figure-3.ts';
import { judgeLinearModels } from './linear-models.ts';
import { judgeTable2 } from './table-2.ts';
import { judgeTable3 } from './table-3.ts';
import { judgeTable1, judgeTable4 } from './tables.ts';
import { judgeTheorem1 } from './theorem-1.ts';

/** What verdicts rest on besides the outcomes. */
export interface Evidence {
  /** By run id; of Figure 2 and Table 2, which look along their trainings. */
  evaluations: ReadonlyMap<string, string>;
  definitionOf(model: Cifar10Model): Definition;
  /** By the key of their file. */
  theorems: ReadonlyMap<string, TheoremNumbers>;
  descents: ReadonlyMap<string, LinearDescent>;
}

export function judgeArtifact(request: JudgeRequest, evidence: Evidence): Verdict[] {
  switch (request.artifact) {
    case 'figure-1':
      return judgeFigure1(request);
    case 'figure-2':
      return judgeFigure2(request, looksOf(evidence.evaluations));
    case 'figure-3':
      return judgeFigure3(request.model, evidence.definitionOf(request.model));
    case 'table-1':
      return judgeTable1(request);
    case 'table-2':
      return judgeTable2(request, looksOf(evidence.evaluations));
    case 'table-3':
      return judgeTable3(request);
    case 'table-4':
      return judgeTable4(request);
    case 'theorem-1':
      return judgeTheorem1(request.profile, evidence.theorems.get(request.theorem.numbers.key)!);
    case 'implicit-regularization':
      return judgeLinearModels(request, evidence.descents.get(request.descent.numbers.key)!);
  }
}
