/** `npm run parity`: the order of things. What installs PyTorch is handed in, since it lies outside dist/. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { network } from '../../activities/models/network.ts';
import { loadTensorFlow, type TensorFlow } from '../../activities/tensorflow/load.ts';
import type { NamedArrays } from '../../activities/tensorflow/named-arrays.ts';
import { decodeSafetensors, encodeSafetensors } from '../../activities/tensorflow/safetensors.ts';
import { createStatus } from '../bench/status.ts';
import { exceeded } from './bounds.ts';
import { MOMENTUM, networkCase, SUBJECTS, type Subject, settingOf, WEIGHT_DECAY } from './case.ts';
import { differences, largestDifference } from './compare.ts';
import { computeNetwork } from './networks.ts';
import { computeOperations, operationsCase } from './operations.ts';
import { digest, encodeRecorded, toRecord } from './recorded.ts';
import { type Comparison, table } from './table.ts';

const USAGE = `npm run parity [-- --record]

Compares our arithmetic with PyTorch's: exit code 1 when it is farther off than rounding explains.

  --record    also keeps PyTorch's results in test/parity/recorded/, for npm test`;

export interface Outside {
  /** The repository. */
  root: string;
  /** Brings PyTorch and returns its Python. */
  installTorch(): Promise<string>;
}

/** @returns the exit code */
export async function parity(args: string[], outside: Outside): Promise<number> {
  const unknown = args.some((arg) => arg !== '--record');
  if (unknown) console.error(USAGE);
  return unknown ? 2 : await compareAll(args.includes('--record'), outside);
}

async function compareAll(record: boolean, { root, installTorch }: Outside): Promise<number> {
  const python = await installTorch();
  const folder = mkdtempSync(join(tmpdir(), 'rethinking-parity-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  const status = createStatus(process.stderr);

  for (const subject of SUBJECTS) {
    writeFileSync(join(folder, `${subject}.safetensors`), encodeSafetensors(caseOf(subject), {}));
  }
  status.at('PyTorch computes, in float32 and in float64');
  await runTorch(python, join(root, 'test', 'parity', 'torch_parity.py'), folder);

  const read = (name: string) => decodeSafetensors(readFileSync(join(folder, `${name}.safetensors`)));
  const { tf } = loadTensorFlow();
  const comparisons: Comparison[] = [];
  for (const subject of SUBJECTS) {
    status.at(`ours computes ${subject}`);
    const given = read(subject).arrays;
    const ours = await compute(tf, subject, given);
    const [single, { arrays: double, metadata }] = [
      read(`${subject}.float32`).arrays,
      read(`${subject}.float64`),
    ];
    comparisons.push({
      subject,
      ours: between(ours, double),
      theirs: between(single, double),
      apart: between(ours, single),
    });
    if (!record) continue;
    const recorded = { versions: metadata, given: digest(given), results: digest(toRecord(subject, double)) };
    writeFileSync(join(root, 'test', 'parity', 'recorded', `${subject}.json`), encodeRecorded(recorded));
  }
  status.end();
  console.log(table(comparisons));
  return verdict(comparisons);
}

function verdict(comparisons: readonly Comparison[]): number {
  const failures = comparisons.flatMap(({ subject, ours }) => exceeded(subject, ours));
  if (failures.length === 0) {
    console.log('\nEverywhere ours is as near to PyTorch as rounding lets it be.');
    return 0;
  }
  console.error(`\n${failures.join('\n')}`);
  console.error(
    'One of the two computes something else. Begin with the first: what is wrong there, the later ones repeat.',
  );
  return 1;
}

const caseOf = (subject: Subject): NamedArrays =>
  subject === 'operations' ? operationsCase() : networkCase(network(subject), settingOf(subject));

const compute = (tf: TensorFlow, subject: Subject, given: NamedArrays): Promise<NamedArrays> =>
  subject === 'operations'
    ? computeOperations(tf, given)
    : computeNetwork(tf, network(subject), given, settingOf(subject));

const between = (found: NamedArrays, expected: NamedArrays) =>
  differences(found, expected, (one, other) => largestDifference(one.data, other.data));

async function runTorch(python: string, script: string, folder: string): Promise<void> {
  const job = {
    subjects: Object.fromEntries(SUBJECTS.map((subject) => [subject, settingOf(subject)])),
    folder,
    momentum: MOMENTUM,
    weightDecay: WEIGHT_DECAY,
  };
  const child = spawn(python, [script, JSON.stringify(job)], {
    env: {
      ...process.env,
      CUDA_VISIBLE_DEVICES: '-1',
      PYTHONDONTWRITEBYTECODE: '1',
      GOMP_SPINCOUNT: '10000',
    },
    stdio: ['ignore', 2, 2],
  });
  process.once('exit', () => child.kill());
  const [code, killedBy] = await once(child, 'exit');
  if (code !== 0) throw new Error(`PyTorch's side ended with ${killedBy ?? code}; what it wrote is above.`);
}
