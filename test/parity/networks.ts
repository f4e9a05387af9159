/** Our side of a network, by the engine that trainings use. Names are those of torch_parity.py. */
import type { Statistics } from '../../activities/models/layer.ts';
import type { Architecture } from '../../activities/models/network.ts';
import { createProgram } from '../../activities/tensorflow/compile/compile.ts';
import type { NamedTensorMap, Tensor4D, TensorFlow } from '../../activities/tensorflow/load.ts';
import type { NamedArrays } from '../../activities/tensorflow/named-arrays.ts';
import { startCompiledEngine } from '../../activities/training/compiled-engine.ts';
import { arrayOf, float32, under, within } from './arrays.ts';
import { BATCH, LEARNING_RATE, MOMENTUM, STEPS, WEIGHT_DECAY } from './case.ts';

/** Of the first batch logits, batch statistics, loss and gradients; of a step on every batch the loss, and the weights
 *  and momenta after the last. `decayed-…`: with weight decay. */
export async function computeNetwork(
  tf: TensorFlow,
  network: Architecture,
  given: NamedArrays,
): Promise<NamedArrays> {
  const plain = await train(tf, network, given, 0);
  const decayed = await train(tf, network, given, WEIGHT_DECAY);
  return {
    ...(await forward(tf, network, given)),
    ...within('statistics', plain.statistics),
    ...plain.results,
    ...Object.fromEntries(Object.entries(decayed.results).map(([name, array]) => [`decayed-${name}`, array])),
  };
}

async function forward(tf: TensorFlow, network: Architecture, given: NamedArrays): Promise<NamedArrays> {
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
  const data = given.images!.data.subarray(0, BATCH * 28 * 28 * 3);
  const results = await compiled.run({ images: { shape: [BATCH, 28, 28, 3], data } });
  program.dispose();
  return float32(results);
}

async function train(tf: TensorFlow, network: Architecture, given: NamedArrays, weightDecay: number) {
  const weights = under('weights', given);
  const split = { images: given.images!.data, labels: Uint8Array.from(given.labels!.data) };
  const engine = await startCompiledEngine(tf, {
    trajectory: {
      optimizer: { learningRate: LEARNING_RATE, momentum: MOMENTUM, weightDecay },
      batchSize: BATCH,
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
  const steps = Array.from({ length: STEPS }, (_, step) => ({
    indices: Int32Array.from({ length: BATCH }, (_, i) => step * BATCH + i),
    learningRate: LEARNING_RATE,
    windows: null,
    dropout: null,
  }));
  const statistics = await engine.computeStatistics(BATCH);
  const loss = await engine.train(steps.slice(0, 1));
  const { momenta: gradients } = await engine.read(); // v = 0.9·0 + g
  const later = await engine.train(steps.slice(1));
  const last = await engine.read();
  engine.dispose();
  const results: NamedArrays = {
    loss: { shape: [1], data: loss },
    ...within('gradients', gradients),
    losses: { shape: [STEPS], data: Float32Array.of(...loss, ...later) },
    ...within('weights', last.weights),
    ...within('momenta', last.momenta),
  };
  return { statistics, results };
}
