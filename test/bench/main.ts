/** `npm run bench`: the order of things. What installs the peers is handed in, since it lies outside dist/. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FACTORED_POINTS } from '../../activities/kernel/method.ts';
import { TRAINING_ENVIRONMENT } from '../../activities/tensorflow/environment.ts';
import { loadTensorFlow } from '../../activities/tensorflow/load.ts';
import { countFlops, kernelFlops, PRODUCT_FLOPS } from './flops.ts';
import { benchInput, benchNetwork, decodeBenchInput } from './input.ts';
import {
  GAMMA,
  type Job,
  MOMENTUM,
  type Model,
  NetworkPrecision,
  NetworkTask,
  type ProductJob,
  SETTINGS,
  SIDE,
} from './job.ts';
import { encodeKernelSample, kernelSample, PIXELS } from './kernel-sample.ts';
import { measureLargeSolve } from './large-solve.ts';
import { BUSY, describeMachine } from './machine.ts';
import { compare } from './measure.ts';
import { OptionError, type Options, parseOptions, USAGE } from './options.ts';
import { markdown, type Section, section } from './report.ts';
import { measureSegment, type Segment } from './segment.ts';
import { createStatus, type Status } from './status.ts';
import { type Program, startSubject } from './subject.ts';
import { measureTheorem, THEOREM_SIZES } from './theorem.ts';
import { pairings, type Variant } from './variants.ts';

export type Peer = 'torch' | 'keras' | 'jax' | 'scipy';

/** What PyTorch's tuning guide comes to here beyond the allocator's settings, which everybody gets: threads that wait
 *  give way on a busy machine (no difference on a quiet one). */
const TORCH_TUNING = { GOMP_SPINCOUNT: '10000' };

export interface Outside {
  /** The repository. */
  root: string;
  /** Brings frameworks and returns the Python of each. */
  installPeers(peers: Peer[]): Promise<Record<string, string>>;
}

/** @returns the exit code */
export async function bench(args: string[], outside: Outside): Promise<number> {
  try {
    const options = parseOptions(args);
    if (options === 'help') console.log(USAGE);
    else await measureAll(options, outside);
    return 0;
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    console.error(`${error.message}\n\n${USAGE}`);
    return 2;
  }
}

async function measureAll(options: Options, { root, installPeers }: Outside): Promise<void> {
  const compared = options.tasks.filter((task) => task !== 'kernel' || options.points <= FACTORED_POINTS);
  const peers = (['torch', 'keras', 'jax', 'scipy'] as const).filter((peer) =>
    options.variants.some(
      ({ framework, tasks }) =>
        framework === peer && tasks.some((task) => compared.some((asked) => asked === task)),
    ),
  );
  const pythons = peers.length > 0 ? await installPeers(peers) : {};

  const work = mkdtempSync(join(tmpdir(), 'rethinking-bench-'));
  process.once('exit', () => rmSync(work, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  const status = createStatus(process.stderr);

  status.at('looks at the machine');
  const machine = await describeMachine();
  if (machine.busy > BUSY) {
    const percent = Math.round(100 * machine.busy);
    console.error(`\nOthers use ${percent} % of the cores: the numbers will be rough. It goes on.`);
  }
  const sections = await measureSections(
    options,
    status,
    (variant) => program(variant, { root, work, pythons }),
    work,
  );
  const theorems = [];
  for (const size of options.tasks.includes('theorem') ? THEOREM_SIZES : []) {
    status.at(`theorem of ${size.points} points`);
    theorems.push(await measureTheorem({ ...size, rounds: options.rounds }));
  }
  const solves =
    options.tasks.includes('kernel') && options.points > FACTORED_POINTS
      ? [await measureLargeSolve(options.points, { work, threads: options.threads, kill: true }, status)]
      : [];
  const segments = options.tasks.includes('segment') ? await measureSegments(options, status, work) : [];
  status.end();

  const report = {
    measuredAt: new Date().toISOString(),
    machine,
    threads: options.threads,
    protocol: { rounds: options.rounds, turnSeconds: options.turnSeconds },
    sections,
    segments,
    theorems,
    solves,
  };
  const text = markdown(report);
  const folder = join(root, 'results', 'bench');
  const file = join(folder, report.measuredAt.slice(0, 16).replace(':', '-'));
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${file}.md`, text);
  writeFileSync(`${file}.json`, `${JSON.stringify(report, null, 2)}\n`);
  console.log(`${text}\n${file}.md (beside it JSON with every sample)`);
}

async function measureSections(
  { models, tasks, variants, threads, points, ...protocol }: Options,
  status: Status,
  programOf: (variant: Variant) => Program,
  work: string,
): Promise<Section[]> {
  const { tf } = loadTensorFlow();
  const measure = async (
    about: Pick<Section, 'model' | 'task' | 'flops'>,
    jobOf: (variant: Variant) => Job,
  ) => {
    const comparisons = [];
    for (const pairing of pairings(variants, about.task)) {
      const start = (variant: Variant) => startSubject(programOf(variant), jobOf(variant));
      const comparison = await compare(pairing, start, protocol, (variant, detail) =>
        status.at(`${about.model}, ${about.task}, ${variant}`, detail),
      );
      comparisons.push({ precision: pairing.reference.precision, comparison });
    }
    return section(about, comparisons);
  };

  const product: ProductJob['task'] = 'product';
  const roof = { model: 'matrix-product', task: product, side: SIDE } as const;
  const sections: Section[] = [];
  const ofNetworks = NetworkTask.options.filter((task) => tasks.includes(task));
  if (ofNetworks.length > 0) {
    sections.push(
      await measure({ ...roof, flops: PRODUCT_FLOPS }, ({ name, precision }) => ({
        ...roof,
        variant: name,
        precision: NetworkPrecision.parse(precision),
        threads,
      })),
    );
  }
  if (tasks.includes('kernel') && points <= FACTORED_POINTS) {
    const input = join(work, 'kernel.safetensors');
    writeFileSync(input, encodeKernelSample(kernelSample(points)));
    const of = { model: 'gaussian-kernel', task: 'kernel' } as const;
    sections.push(
      await measure({ ...of, flops: kernelFlops(points, PIXELS) }, ({ name }) => ({
        ...{ ...of, variant: name, precision: 'float64' as const, threads, input, gamma: GAMMA },
      })),
    );
  }
  for (const model of ofNetworks.length > 0 ? models : []) {
    const { input, parameters } = writeInput(model, work);
    for (const task of ofNetworks) {
      const flops = await countFlops(tf, model, task);
      sections.push(
        await measure({ model, task, flops }, ({ name, precision }) => ({
          ...{ model, task, variant: name, threads, input, parameters },
          precision: NetworkPrecision.parse(precision),
          learningRate: SETTINGS[model].learningRate,
          momentum: MOMENTUM,
        })),
      );
    }
  }
  return sections.filter(({ comparisons }) => comparisons.length > 0);
}

async function measureSegments(
  { models, threads }: Options,
  status: Status,
  work: string,
): Promise<Segment[]> {
  const segments = [];
  for (const model of models) {
    if (model === 'inception-v3') continue; // its images do not lie on the device, but come from an ImageNet
    status.at(`${model}, segment of a training`);
    const { images, labels } = decodeBenchInput(benchInput(model));
    segments.push(await measureSegment(model, { images, labels }, { work, threads }));
  }
  return segments;
}

function writeInput(model: Model, work: string): { input: string; parameters: number } {
  const input = join(work, `${model}.safetensors`);
  writeFileSync(input, benchInput(model));
  const size = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1);
  return {
    input,
    parameters: benchNetwork(model).variables.reduce((sum, { shape }) => sum + size(shape), 0),
  };
}

function program(
  { name, framework }: Variant,
  { root, work, pythons }: { root: string; work: string; pythons: Record<string, string> },
): Program {
  const env: NodeJS.ProcessEnv = {
    ...TRAINING_ENVIRONMENT,
    CUDA_VISIBLE_DEVICES: '-1', // what is compared here is the CPU
    TORCHINDUCTOR_CACHE_DIR: join(work, name), // an old cache would hide how long compiling takes
  };
  if (framework === 'ours') {
    return { command: process.execPath, args: [join(import.meta.dirname, 'ours.js')], env };
  }
  if (framework === 'torch') Object.assign(env, TORCH_TUNING);
  const script = join(root, 'test', 'bench', 'peers', `${framework}_peer.py`);
  return { command: pythons[framework]!, args: [script], env };
}
