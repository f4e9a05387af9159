import { expect, test } from 'vitest';
import { planRun } from '../../activities/identity/run-id.ts';
import { createReadOptions, parseOptions } from '../../activities/read-options.ts';

const message = (workflow: 'reproduceFigure1' | 'trainNetwork', input: unknown) => {
  try {
    parseOptions(workflow, input);
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : '';
  }
  return 'accepted';
};

test('no input at all means the quick profile on CIFAR-10, all panels', () => {
  expect(parseOptions('reproduceFigure1', {})).toMatchObject({
    profile: 'quick',
    dataset: 'cifar10',
    panels: ['a', 'b', 'c'],
    models: ['inception', 'alexnet', 'mlp-1x512'],
    seeds: [1],
  });
});

test('an unknown field is refused by its name', () => {
  expect(message('reproduceFigure1', { profil: 'quick' })).toBe(
    'InvalidInput: reproduceFigure1 cannot run with this input: profil: no such field.',
  );
});

test('a misspelt model is refused beside the models there are', () => {
  expect(message('reproduceFigure1', { models: ['inceptoin'] })).toBe(
    'InvalidInput: reproduceFigure1 cannot run with this input: models.0 "inceptoin" is none of inception, ' +
      'inception-without-batch-norm, alexnet, mlp-3x512, mlp-1x512.',
  );
});

test('a corruption of 1.5 is refused with its limit', () => {
  expect(message('reproduceFigure1', { corruptionLevels: [0, 1.5] })).toBe(
    'InvalidInput: reproduceFigure1 cannot run with this input: corruptionLevels.1 1.5 is above 1.',
  );
  expect(message('trainNetwork', { corruption: { labels: -0.1 } })).toBe(
    'InvalidInput: trainNetwork cannot run with this input: corruption.labels -0.1 is below 0.',
  );
});

test('every bad field is named at once', () => {
  expect(message('reproduceFigure1', { profile: 'fast', panels: [], seeds: ['one'], extra: 1 })).toBe(
    'InvalidInput: reproduceFigure1 cannot run with this input: profile "fast" is none of smoke, quick, paper; ' +
      'seeds.0 "one" is not of type number; panels is empty; extra: no such field.',
  );
});

test('an input that is no object is refused', () => {
  expect(message('reproduceFigure1', 'quick')).toBe(
    'InvalidInput: reproduceFigure1 cannot run with this input: the input "quick" is not of type object.',
  );
});

test('augmentation goes with intact pixels alone, and the refusal says why', () => {
  const input = { regularization: { augmentation: { crop: true } }, corruption: { pixels: 'shuffled' } };
  expect(() => parseOptions('trainNetwork', input)).toThrow(
    /augmentation.*goes with intact pixels alone: shuffled ones and noise have no neighbours/,
  );
  const alone = { regularization: { augmentation: { crop: true } } };
  expect(parseOptions('trainNetwork', alone).regularization.augmentation).toEqual({
    crop: true,
    flip: false,
    rotate: false,
  });
});

test('Figure 1 cannot augment its conditions of noise, and says which way out there is', () => {
  const regularization = { augmentation: { flip: true } };
  expect(message('reproduceFigure1', { regularization })).toMatch(
    /regularization.augmentation .*goes with intact pixels alone: leave panel a out, or conditions other than/,
  );
  expect(() => parseOptions('reproduceFigure1', { regularization, panels: ['c'] })).not.toThrow();
  const intact = { regularization, conditions: ['true-labels', 'random-labels'] };
  expect(() => parseOptions('reproduceFigure1', intact)).not.toThrow();
});

test('a precision that there is not is refused with those there are', () => {
  expect(() => parseOptions('reproduceFigure1', { precision: 'float16' })).toThrow(
    'precision "float16" is none of float32, bfloat16, tf32',
  );
});

test('MNIST is refused where networks are trained, in one sentence', () => {
  expect(message('reproduceFigure1', { dataset: 'mnist' })).toBe(
    'InvalidInput: reproduceFigure1 cannot run with this input: dataset "mnist": is for Table 3 and the linear ' +
      'models; the paper’s networks take CIFAR-10: cifar10 or procedural.',
  );
  expect(message('trainNetwork', { dataset: 'mnist' })).toContain('dataset "mnist": is for Table 3');
});

test('a planned run whose id is another one’s is refused: it would answer for that run from then on', async () => {
  const dataset = { name: 'procedural', sha256: 'a'.repeat(64) } as const;
  const trajectory = {
    recipe: 4,
    trainImages: 512,
    testImages: 100,
    corruption: { labels: 0, pixels: 'intact', seed: 1 },
    model: 'mlp-1x512',
    optimizer: { learningRate: 0.01, momentum: 0.9, weightDecay: 0 },
    decay: { factor: 0.95, everySteps: 391 },
    batchSize: 64,
    augmentation: { crop: false, flip: false },
    seed: 1,
    precision: 'float32',
    evaluation: { everySteps: 8, monitored: 512 },
  } as const;
  const [honest, other] = [1, 2].map((seed) =>
    planRun(dataset, { trajectory: { ...trajectory, seed }, stop: { steps: 10, when: null } }),
  );
  const read = createReadOptions({ limits: { heartbeatSeconds: 10, segmentSeconds: 60 } });
  const ask = (planned: object) => read({ workflow: 'trainNetwork', input: { planned } });

  await expect(ask(honest)).resolves.toMatchObject({ options: { planned: { id: honest.id } } });
  await expect(ask({ ...honest, id: other.id })).rejects.toThrow(
    `planned.id ${other.id} is not the id of planned.run, which is ${honest.id}`,
  );
});
