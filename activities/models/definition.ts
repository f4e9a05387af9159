/** What a network's definition says of itself, to be held against the paper's Figure 3. */
import type { Cifar10Model } from '../contract.ts';
import type { Definition } from '../verdicts/figure-3.ts';
import { measureNetwork } from './network.ts';
import { afterConvolution, branchesOf, stagesOf, wordingOf } from './wording.ts';

export function definitionOf(model: Cifar10Model): Definition {
  const network = measureNetwork(model);
  const stages = stagesOf(network);
  const after = stages
    .flatMap(branchesOf)
    .flatMap(({ structure }) =>
      structure.op === 'convolution' ? [afterConvolution(structure).join(', ')] : [],
    );
  return {
    stages: stages.map(wordingOf),
    afterConvolution: [...new Set(after)],
    parameters: network.parameters,
    multiplyAdds: network.multiplyAdds,
  };
}
