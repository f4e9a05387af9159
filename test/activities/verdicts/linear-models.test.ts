import { expect, test } from 'vitest';
import type { Interpolant, LinearDescent, OfLinearModels } from '../../../activities/contract.ts';
import { LEDGER } from '../../../activities/verdicts/ledger.ts';
import { judgeLinearModels } from '../../../activities/verdicts/linear-models.ts';
import { descent, request } from '../linear/numbers.ts';
import { cifar10 } from './synthetic.ts';

const name = ({ claim }: { claim: string }) => claim.replace('implicit-regularization.', '');

const kindsOf = (changes: Partial<OfLinearModels> = {}, numbers: LinearDescent = descent) =>
  Object.fromEntries(
    judgeLinearModels({ ...request, ...changes }, numbers).map((verdict) => [name(verdict), verdict.kind]),
  );

const withRow = (change: Partial<Interpolant> & Pick<Interpolant, 'name'>): Partial<OfLinearModels> => ({
  machines: {
    ...request.machines,
    interpolants: request.machines.interpolants.map((row) =>
      row.name === change.name ? { ...row, ...change } : row,
    ),
  },
});

test('on MNIST at the paper profile all is reproduced', () => {
  expect(kindsOf()).toEqual({
    'least-norm': 'reproduced',
    hessian: 'reproduced',
    'interpolants-generalise': 'reproduced',
    'norm-does-not-predict': 'reproduced',
    'random-centres': 'reproduced',
    'forced-labels': 'reproduced',
    rademacher: 'reproduced',
  });
});

test('every record of the ledger is judged, in its order', () => {
  const records = LEDGER.filter(({ artifact }) => artifact === 'implicit-regularization').map(({ id }) => id);

  expect(judgeLinearModels(request, descent).map(({ claim }) => claim)).toEqual(records);
});

test('at the quick profile linear algebra is judged on any images, and generalisation is shown', () => {
  const verdicts = judgeLinearModels({ ...request, profile: 'quick', dataset: cifar10 }, descent);

  expect(verdicts.filter(({ kind }) => kind === 'reproduced').map(name)).toEqual([
    'least-norm',
    'hessian',
    'rademacher',
  ]);
  expect(verdicts.find((verdict) => name(verdict) === 'random-centres')).toMatchObject({
    kind: 'not judged at this scale',
    agrees: true,
  });
});

test('without wavelets what is said of them was not run', () => {
  const interpolants = request.machines.interpolants.filter((row) => row.name !== 'kernel-gabor');

  expect(kindsOf({ dataset: cifar10, machines: { ...request.machines, interpolants } })).toMatchObject({
    'norm-does-not-predict': 'not run',
    'interpolants-generalise': 'reproduced',
  });
});

const last = descent.looks.at(-1)!;
const withLast = (change: Partial<typeof last>): LinearDescent => ({
  ...descent,
  looks: [...descent.looks.slice(0, -1), { ...last, ...change }],
});

test.each<[string, LinearDescent]>([
  ['too far away', withLast({ true: { ...last.true, distance: 2e-3 } })],
  ['no nearer than before', withLast({ random: { ...last.random, distance: 0.3 } })],
  ['outside of the span', withLast({ true: { ...last.true, offSpan: 1e-6 } })],
  ['at one interpolant from everywhere', withLast({ elsewhere: { ...last.elsewhere, distance: 1e-4 } })],
])('a descent that ends %s is off: linear algebra is not', (_what, numbers) => {
  expect(kindsOf({}, numbers)).toMatchObject({ 'least-norm': 'off', hessian: 'reproduced' });
});

test.each<[string, Partial<LinearDescent['optima']>]>([
  ['another rank', { ranks: [3, 4] }],
  ['other eigenvalues', { difference: 1e-3 }],
])('two optima with %s are off', (_what, change) => {
  expect(kindsOf({}, { ...descent, optima: { ...descent.optima, ...change } }).hessian).toBe('off');
});

test.each<[string, Parameters<typeof withRow>[0], string]>([
  ['a smaller norm with wavelets', { name: 'kernel-gabor', norm: 80 }, 'norm-does-not-predict'],
  [
    'errors within chance of the other’s',
    { name: 'kernel-gabor', test: { errors: 240, images: 10_000 } },
    'norm-does-not-predict',
  ],
  [
    'centres that generalise',
    { name: 'kernel-random-centres', test: { errors: 4000, images: 10_000 } },
    'random-centres',
  ],
  ['forced labels with a smaller norm', { name: 'kernel-forced-labels', norm: 50 }, 'forced-labels'],
  ['a training error', { name: 'kernel', train: { errors: 1, images: 5000 } }, 'interpolants-generalise'],
])('%s points the other way', (_what, change, claim) => {
  const verdict = judgeLinearModels({ ...request, ...withRow(change) }, descent).find(
    (one) => name(one) === claim,
  );

  expect(verdict).toMatchObject({ agrees: false, kind: 'not judged at this scale' });
});

test('what was measured stands in the verdict', () => {
  const [leastNorm, hessian, , norms] = judgeLinearModels(request, descent);

  expect(leastNorm!.measured).toBe(
    'After 270 steps on 3 images 8.0e-5 away with true labels, 9.0e-5 with random ones, never more than 1.0e-14 ' +
      'outside of the span; from elsewhere 9.0e-1 away, where the start’s own part stays.',
  );
  expect(hessian!.measured).toContain('Rank 3 and 3 of 784; eigenvalues differ by 1.0e-10');
  expect(norms!.measured).toMatch(/^Norm 90\.0 and test error 2\.50 % on pixels, /);
});
