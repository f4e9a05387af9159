/** Who judges which artifact. */
import type { JudgeRequest, Verdict } from '../contract.ts';
import { judgeFigure1 } from './figure-1.ts';

export function judgeArtifact(request: JudgeRequest): Verdict[] {
  switch (request.artifact) {
    case 'figure-1':
      return judgeFigure1(request);
    default:
      throw new Error(`Nobody judges ${request.artifact} yet.`);
  }
}
