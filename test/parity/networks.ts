/** Our side of a network, by the engine that trainings use. Names are those of torch_parity.py. */
import type { Statistics } from '../../activities/models/layer.ts';
import type { Architecture } from '../../activities/models/network.ts';
import { createProgram } from '../../activities/tensorflow/compile/compile.ts';
import type { NamedTensorMap, Tensor4D, TensorFlow } from '../../activities/tensorflow/load.ts';
import type { NamedArrays } from '../../activities/tensorflow/named-arrays.ts';
import { startCompiledEngine } from '../../activities/training/compiled-engine.ts';
import { arrayOf, float32, under, within } from './arrays.ts';
import { MOMENTUM, type Setting, WEIGHT_DECAY } from './case.ts';

/** Of the first batch logits, batch statistics, loss and gradients; of a step on every batch the loss, and the weights
 *  and momenta after the last. `decayed-…`: with weight decay. */
export async function computeNetwork(
  tf: TensorFlow,
  network: Architecture,
  given: NamedArrays,
  setting: Setting,
): Promise<NamedArrays> {
  const decayed = await train(tf, network, given, { ...setting, weightDecay: WEIGHT_DECAY });
  return {
    ...(await computeWithoutDecay(tf, network, given, setting)),
    ...Object.fromEntries(Object.entries(decayed.results).map(([name, array]) => [`decayed-${name}`, array])),
  };
}

export async function computeWithoutDecay(
  tf: TensorFlow,
  network: Architecture,
  given: NamedArrays,
  setting: Setting,
): Promise<NamedArrays> {
  const { statistics, results } = await train(tf, network, given, { ...setting, weightDecay: 0 });
  return { ...(await forward(tf, network, given, setting)), ...within('statistics', statistics), ...results };
}

async function forward(
  tf: TensorFlow,
  network: Architecture,
  given: NamedArrays,
  { batch }: Setting,
): Promise<NamedArrays> {
  const names = Object.keys(given).filter((name) => /^(weights|statistics)\//.test(name));
  const program = createProgram(tf, { precision: 'float32' });
  await program.define(Object.fromEntries(names.map((name) => [name, given[name]!])));
  const compiled = program.compile(
    ({ images }, variables) => {
      const weights = under('weights', variables);
      const apply = (statistics: Statistics) =>
        network.apply(images as Tensor4D, { tf, weights, statistics });
      const outputs: NamedTensorMap = { logits: apply({ of: 'batch' }) };
      const values = under('statistics', variables);
      if (Object.keys(values).length > 0) {
        outputs['logits-in-evaluation'] = apply({ of: 'training-set', values });
      }
      return { outputs };
    },
    { variables: names },
  );
  const shape = [batch, ...given.images!.shape.slice(1)];
  const data = given.images!.data.subarray(
    0,
    shape.reduce((product, length) => product * length),
  );
  const results = await compiled.run({ images: { shape, data } });
  program.dispose();
  return float32(results);
}

async function train(
  tf: TensorFlow,
  network: Architecture,
  given: NamedArrays,
  { batch, steps: count, learningRate, weightDecay }: Setting & { weightDecay: number },
) {
  const weights = under('weights', given);
  const split = { images: given.images!.data, labels: Uint8Array.from(given.labels!.data) };
  const engine = await startCompiledEngine(tf, {
    trajectory: {
      optimizer: { learningRate, momentum: MOMENTUM, weightDecay },
      batchSize: batch,
      precision: 'float32',
    },
    network,
    train: split,
    test: split, // not looked at
    weights,
    momenta: Object.fromEntries(
      Object.entries(weights).map(([name, { shape }]) => [name, arrayOf(shape, () => 0)]),
    ),
  });
  const steps = Array.from({ length: count }, (_, step) => ({
    indices: Int32Array.from({ length: batch }, (_, i) => step * batch + i),
    learningRate,
    windows: null,
    dropout: null,
  }));
  const statistics = await engine.computeStatistics(batch);
  const loss = await engine.train(steps.slice(0, 1));
  const { momenta: gradients } = await engine.read(); // v = 0.9·0 + g
  const later = await engine.train(steps.slice(1));
  const last = await engine.read();
  engine.dispose();
  const results: NamedArrays = {
    loss: { shape: [1], data: loss },
    ...within('gradients', gradients),
    losses: { shape: [count], data: Float32Array.of(...loss, ...later) },
    ...within('weights', last.weights),
    ...within('momenta', last.momenta),
  };
  return { statistics, results };
}
