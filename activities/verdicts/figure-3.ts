/** Figure 3 against the definition that is trained: its modules in their order, its parameters, its multiply-adds. No
 *  training, so no scale forbids a verdict, and nothing is a matter of chance. */
import type { Cifar10Model, Profile, Verdict } from '../contract.ts';
import type { Claim } from './claims.ts';
import { PARAMETERS } from './parameters.ts';

/** What a definition says of itself. */
export interface Definition {
  /** From the image to the logits, such as `Inception(1×1 conv 32, 3×3 conv 32)`. */
  stages: string[];
  /** What its conv modules do after the convolution, each way once. */
  afterConvolution: string[];
  parameters: number;
  /** Of convolutions and matrix products, one image forward. */
  multiplyAdds: number;
}

const inception = (ones: number, threes: number) => `Inception(1×1 conv ${ones}, 3×3 conv ${threes})`;
const downsample = (filters: number) => `Downsample(3×3 conv ${filters} / 2, 3×3 max-pool / 2)`;

/** As the figure has them, top to bottom. */
const STAGES = [
  '3×3 conv 96',
  inception(32, 32),
  inception(32, 48),
  downsample(80),
  inception(112, 48),
  inception(96, 64),
  inception(80, 80),
  inception(48, 96),
  downsample(96),
  inception(176, 160),
  inception(176, 160),
  '7×7 mean pool',
  'linear 10',
];
const CONV_MODULE = 'batch norm, ReLU';
const PUBLISHED = [...STAGES, `conv module: convolution, ${CONV_MODULE}`];

/** Not printed in the paper: counted by hand from the figure's filters and sizes, in millions. */
const MULTIPLY_ADDS = 204.2;

const SHARED = {
  where: 'Figure 3',
  tolerance: 'None.',
  judgedAt: ['smoke', 'quick', 'paper'] satisfies Profile[],
  seeds: 1,
  openChoices: [],
};

export const MODULES: Claim = {
  ...SHARED,
  id: 'figure-3.modules',
  says: `Inception (small) is ${STAGES.length} parts in a row; its conv module is convolution, ${CONV_MODULE}.`,
  measure: 'The parts of the definition, with their filters, in their order.',
};

export const parametersOf = (model: Cifar10Model): Claim => ({
  ...SHARED,
  id: idOf('figure-3.parameters', model),
  where: 'Table 1',
  says: `${model} has ${whole(PARAMETERS[model])} parameters.`,
  measure: 'Sum over the variables of the definition.',
});

export const MULTIPLY_ADDS_OF_INCEPTION: Claim = {
  ...SHARED,
  id: 'figure-3.multiply-adds',
  says: `One image forward is ${MULTIPLY_ADDS} million multiply-adds: a count of the figure, which the paper does not print.`,
  measure: 'Sum over convolutions and matrix products of the definition.',
  tolerance: 'Its rounding.',
};

/** Of Inception without batch norm the figure says nothing but what it shares; of other models, nothing. */
export function judgeFigure3(model: Cifar10Model, definition: Definition): Verdict[] {
  const counts = [judgeParameters(model, definition)];
  return model === 'inception'
    ? [judgeModules(definition), ...counts, judgeMultiplyAdds(definition)]
    : counts;
}

function judgeModules({ stages, afterConvolution }: Definition): Verdict {
  const ours = [...stages, ...afterConvolution.map((after) => `conv module: convolution, ${after}`)];
  const places = Array.from({ length: Math.max(ours.length, PUBLISHED.length) }, (_, i) => i);
  const different = places.filter((i) => ours[i] !== PUBLISHED[i]);
  const texts = different.map(
    (i) => `${i + 1}: ${ours[i] ?? 'nothing'} instead of ${PUBLISHED[i] ?? 'nothing'}`,
  );
  return {
    claim: MODULES.id,
    published: MODULES.says,
    measured: texts.length === 0 ? `${stages.length} parts, each as drawn.` : `Part ${texts.join('; ')}.`,
    ...verdictOf(texts.length === 0),
  };
}

function judgeParameters(model: Cifar10Model, { parameters }: Definition): Verdict {
  return {
    claim: parametersOf(model).id,
    published: whole(PARAMETERS[model]),
    measured: whole(parameters),
    ...verdictOf(parameters === PARAMETERS[model]),
  };
}

function judgeMultiplyAdds({ multiplyAdds }: Definition): Verdict {
  return {
    claim: MULTIPLY_ADDS_OF_INCEPTION.id,
    published: `${MULTIPLY_ADDS} million, counted from the figure`,
    measured: `${(multiplyAdds / 1e6).toFixed(1)} million (${whole(multiplyAdds)})`,
    ...verdictOf((multiplyAdds / 1e6).toFixed(1) === String(MULTIPLY_ADDS)),
  };
}

const verdictOf = (equal: boolean): Pick<Verdict, 'kind' | 'agrees' | 'reason'> =>
  equal
    ? { kind: 'reproduced', agrees: true, reason: 'Equal.' }
    : { kind: 'off', agrees: false, reason: 'The definition is another one.' };

/** The figure's own network has no suffix. */
const idOf = (claim: string, model: Cifar10Model) => (model === 'inception' ? claim : `${claim}.${model}`);

const whole = (value: number) => value.toLocaleString('en-US');
