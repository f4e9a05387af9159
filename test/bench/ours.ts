/** Ours, as one of the measured processes: the job in the first argument, the protocol on standard input and output,
 *  and between them the engines that trainings use. */
import { readFileSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createProgram } from '../../activities/tensorflow/compile/compile.ts';
import { loadTensorFlow, type NamedTensorMap, type TensorFlow } from '../../activities/tensorflow/load.ts';
import { type NamedArrays, toTensors } from '../../activities/tensorflow/named-arrays.ts';
import { startCompiledEngine } from '../../activities/training/compiled-engine.ts';
import { startEagerEngine } from '../../activities/training/eager-engine.ts';
import type { StartEngine } from '../../activities/training/engine.ts';
import { type BenchInput, benchNetwork, decodeBenchInput } from './input.ts';
import { Job, type NetworkJob, type ProductJob } from './job.ts';
import { kernelSubject } from './ours-kernel.ts';
import { encodeMessage, type Message, PROOF_STEPS, parseRun } from './protocol.ts';

/** run: `steps` steps, from batch number `first` on; what is read back at their end, in training the losses.
 *  logits: in inference, of the first image of the first batch. */
interface Subject {
  run(steps: number, first: number): Promise<number[]>;
  logits?(): Promise<number[]>;
  /** Of a kernel system that was solved. */
  residual?(): number;
}

interface Variant {
  startEngine: StartEngine;
  inference(tf: TensorFlow, job: NetworkJob, input: BenchInput): Promise<Subject>;
  product(tf: TensorFlow, job: ProductJob): Promise<Subject>;
}

const COMPILED: Variant = {
  startEngine: startCompiledEngine,
  inference: compiledInference,
  product: compiledProduct,
};

const VARIANTS: Record<string, Variant> = {
  'ours-eager': { startEngine: startEagerEngine, inference: eagerInference, product: eagerProduct },
  'ours-compiled': COMPILED,
  'ours-bfloat16': COMPILED, // by the job's precision
  'ours-refined': COMPILED, // kernel systems alone
};

async function training(
  tf: TensorFlow,
  startEngine: StartEngine,
  { model, precision, momentum, learningRate }: NetworkJob,
  { weights, images, labels, batch }: BenchInput,
): Promise<Subject> {
  const train = { images, labels };
  const engine = await startEngine(tf, {
    trajectory: {
      optimizer: { learningRate, momentum, weightDecay: 0 },
      batchSize: batch(0).length,
      precision,
    },
    network: benchNetwork(model),
    train,
    test: { images: images.subarray(0, images.length / labels.length), labels: labels.subarray(0, 1) }, // not looked at
    weights,
    momenta: Object.fromEntries(
      Object.entries(weights).map(([name, { shape, data }]) => [
        name,
        { shape, data: new Float32Array(data.length) },
      ]),
    ),
  });
  return {
    async run(steps, first) {
      const numbers = Array.from({ length: steps }, (_, i) => first + i);
      const requests = numbers.map((number) => ({
        indices: batch(number),
        learningRate,
        windows: null,
        dropout: null,
      }));
      return [...(await engine.train(requests))];
    },
  };
}

async function eagerInference(tf: TensorFlow, { model }: NetworkJob, input: BenchInput): Promise<Subject> {
  const { apply } = benchNetwork(model);
  const images = tf.tensor4d(input.images, [input.labels.length, ...input.imageShape]);
  const weights = toTensors(tf, input.weights);
  const statistics = { of: 'training-set', values: toTensors(tf, input.statistics) } as const;
  const logits = async (number: number) => {
    const found = tf.tidy(() =>
      apply(images.gather(tf.tensor1d(input.batch(number), 'int32')), { tf, weights, statistics }),
    );
    const values = await found.data(); // [B, classes]
    found.dispose();
    return [...values.slice(0, 10)];
  };
  return {
    async run(steps, first) {
      const values = [];
      for (let number = first; number < first + steps; number++) values.push(...(await logits(number)));
      return values;
    },
    logits: () => logits(0),
  };
}

async function compiledInference(
  tf: TensorFlow,
  { model, precision }: NetworkJob,
  { weights, statistics, images, imageShape, labels, batch }: BenchInput,
): Promise<Subject> {
  const { apply } = benchNetwork(model);
  const program = createProgram(tf, { precision });
  const variables = {
    ...weights,
    ...statistics,
    images: { shape: [labels.length, ...imageShape], data: images },
  };
  await program.define(variables);
  const among = (names: NamedArrays, given: NamedTensorMap): NamedTensorMap =>
    Object.fromEntries(Object.keys(names).map((name) => [name, given[name]!]));
  const forward = program.compile(
    ({ indices }, given) => ({
      outputs: {
        logits: apply(given.images!.gather(indices!.as1D().toInt()).as4D(batch(0).length, ...imageShape), {
          tf,
          weights: among(weights, given),
          statistics: { of: 'training-set', values: among(statistics, given) },
        }),
      },
    }),
    { variables: Object.keys(variables) },
  );
  const run = async (steps: number, first: number) => {
    const batches = Array.from({ length: steps }, (_, i) => [...batch(first + i)]);
    const indices = { shape: [steps, batches[0]!.length], data: Int32Array.from(batches.flat()) };
    const { logits } = await forward.scan({ indices }); // [steps, B, classes]
    return [...logits!.data];
  };
  return { run, logits: async () => (await run(1, 0)).slice(0, 10) };
}

async function eagerProduct(tf: TensorFlow, { side }: ProductJob): Promise<Subject> {
  const [a, b] = factors(side).map((data) => tf.tensor2d(data, [side, side]));
  return {
    async run(steps) {
      const values = [];
      for (let step = 0; step < steps; step++) {
        const corner = tf.tidy(() => a!.matMul(b!).slice([0, 0], [1, 1]));
        values.push(...(await corner.data()));
        corner.dispose();
      }
      return values;
    },
  };
}

async function compiledProduct(tf: TensorFlow, { side, precision }: ProductJob): Promise<Subject> {
  const program = createProgram(tf, { precision });
  const [a, b] = factors(side).map((data) => ({ shape: [side, side], data }));
  await program.define({ a: a!, b: b! });
  const multiply = program.compile(
    (_, { a, b }) => ({
      outputs: { corner: a!.as2D(side, side).matMul(b!.as2D(side, side)).slice([0, 0], [1, 1]) },
    }),
    { variables: ['a', 'b'] },
  );
  return {
    async run(steps) {
      const values = [];
      for (let step = 0; step < steps; step++) values.push(...(await multiply.run({})).corner!.data);
      return values;
    },
  };
}

/** Two matrices of numbers in [−1, 1), each [side, side]. */
const factors = (side: number) =>
  [1, 2].map((factor) =>
    Float32Array.from(
      { length: side * side },
      (_, i) => ((factor * i * 2_654_435_761) % 2 ** 32) / 2 ** 31 - 1,
    ),
  );

function start(tf: TensorFlow, job: Job): Promise<Subject> {
  const variant = VARIANTS[job.variant];
  if (!variant) {
    throw new Error(`There is no ${job.variant}, there are ${Object.keys(VARIANTS).join(', ')}.`);
  }
  if (job.task === 'kernel') return kernelSubject(job);
  if (job.task === 'product') return variant.product(tf, job);
  const input = decodeBenchInput(readFileSync(job.input));
  return job.task === 'training'
    ? training(tf, variant.startEngine, job, input)
    : variant.inference(tf, job, input);
}

async function serve(job: Job): Promise<void> {
  const say = (message: Message) => writeSync(1, encodeMessage(message));
  const begun = performance.now();
  const { tf, version } = loadTensorFlow();
  const { run, logits, residual } = await start(tf, job);
  const built = performance.now();
  const first = await run(1, 0);
  const stepped = performance.now();
  const isTraining = job.task === 'training';
  const proof = isTraining ? [...first, ...(await run(PROOF_STEPS - 1, 1))] : await logits?.();
  say({
    ready: {
      variant: job.variant,
      versions: { tensorflow: version, node: process.versions.node },
      setupSeconds: (built - begun) / 1000,
      firstStepSeconds: (stepped - built) / 1000,
      proof: proof ?? [],
      ...(residual && { residual: residual() }),
    },
  });
  let next = isTraining ? PROOF_STEPS : 1;
  for await (const line of createInterface({ input: process.stdin })) {
    const steps = parseRun(line);
    const started = performance.now();
    const values = await run(steps, next);
    const seconds = (performance.now() - started) / 1000;
    next += steps;
    if (!values.every(Number.isFinite)) {
      throw new Error(`${job.variant} came to ${values}, expected finite numbers.`);
    }
    say({ seconds });
  }
}

await serve(Job.parse(JSON.parse(process.argv[2] ?? '')));
