/** The comparison of `npm run parity` with what PyTorch's side of it came to, recorded: some 20 s. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Architecture, network } from '../../activities/models/network.ts';
import { loadTensorFlow, type Tensor, type TensorFlow } from '../../activities/tensorflow/load.ts';
import type { NamedArrays } from '../../activities/tensorflow/named-arrays.ts';
import { exceeded } from './bounds.ts';
import { networkCase, SUBJECTS, type Subject, settingOf } from './case.ts';
import { computeNetwork, computeWithoutDecay } from './networks.ts';
import { computeOperations, operationsCase } from './operations.ts';
import { digest, distances, parseRecorded, toRecord } from './recorded.ts';

const { tf } = loadTensorFlow();

const recorded = (subject: Subject) =>
  parseRecorded(readFileSync(join(import.meta.dirname, 'recorded', `${subject}.json`), 'utf8'));

const cases = new Map<Subject, NamedArrays>(); // to draw the weights of Inception V3 takes seconds
function caseOf(subject: Subject): NamedArrays {
  const known = cases.get(subject);
  if (known) return known;
  const drawn =
    subject === 'operations' ? operationsCase() : networkCase(network(subject), settingOf(subject));
  cases.set(subject, drawn);
  return drawn;
}

/** What a network, right or wrong, computes too far from PyTorch, quantity by quantity. */
async function farOff(subject: Exclude<Subject, 'operations'>, architecture: Architecture): Promise<string> {
  const compute = subject === 'inception-v3' ? computeWithoutDecay : computeNetwork;
  const ours = await compute(tf, architecture, caseOf(subject), settingOf(subject));
  const far = distances(digest(toRecord(subject, ours)), recorded(subject).results);
  return exceeded(subject, far).join('\n');
}

test.each(SUBJECTS)('the recorded results of %s are of the numbers that are computed on', (subject) => {
  const found = distances(digest(caseOf(subject)), recorded(subject).given);
  // The logarithm's last bit is the engine's: more is another case, which `npm run parity -- --record` records.
  expect(found.filter(({ relative }) => !(relative < 1e-6))).toEqual([]);
});

test.each(SUBJECTS.filter((subject) => subject !== 'operations'))(
  '%s computes what PyTorch computes: logits, loss, gradients, steps with and without weight decay',
  async (subject) => {
    expect(await farOff(subject, network(subject))).toBe('');
  },
);

test('normalisations, pooling, loss and augmentation alone compute what PyTorch computes', async () => {
  const ours = digest(await computeOperations(tf, operationsCase()));
  expect(exceeded('operations', distances(ours, recorded('operations').results))).toEqual([]);
});

// ── wrong arithmetic is found ───────────────────────────────────────────────────────────────────────────────

/** The network with some of TensorFlow.js's functions replaced. */
const withOther = (
  { apply, ...network }: Architecture,
  replaced: (tf: TensorFlow) => Partial<TensorFlow>,
): Architecture => ({
  ...network,
  apply: (images, pass) => apply(images, { ...pass, tf: { ...pass.tf, ...replaced(pass.tf) } }),
});

test("response normalisation with PyTorch's meaning of alpha, a ninth, is found in logits and gradients", async () => {
  const wrong = withOther(network('alexnet'), ({ localResponseNormalization }) => ({
    localResponseNormalization: (x, radius, bias, alpha = 1, beta) =>
      localResponseNormalization(x, radius, bias, alpha / 9, beta),
  }));
  expect(await farOff('alexnet', wrong)).toMatch(/logits of ours(.|\n)*gradients of ours/);
});

test('batch norm by the unbiased variance is found in logits and gradients', async () => {
  const wrong = withOther(network('inception'), ({ engine }) => ({
    engine: () =>
      Object.assign(Object.create(engine()), {
        runKernel(kernel: string, inputs: { x: Tensor; shift: Tensor }) {
          const [y, ...others] = engine().runKernel<Tensor[]>(kernel, inputs);
          const count = inputs.x.size / inputs.shift.size;
          const narrower = Math.sqrt((count - 1) / count); // ε aside
          return [y!.sub(inputs.shift).mul(narrower).add(inputs.shift), ...others];
        },
      }),
  }));
  expect(await farOff('inception', wrong)).toMatch(/logits of ours(.|\n)*gradients of ours/);
});

test('weight decay on biases is found in the gradients with decay, and in them alone', async () => {
  const right = network('mlp-3x512');
  const wrong = {
    ...right,
    variables: right.variables.map((each) => ({ ...each, kind: 'kernel' as const })),
  };
  const found = await farOff('mlp-3x512', wrong);
  expect(found).toMatch(/decayed-gradients of ours are \S+ from PyTorch's \(decayed-gradients\/\S+\/bias\)/);
  expect(found).not.toMatch(/: gradients of ours/);
});
