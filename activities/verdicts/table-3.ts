/** Table 3: test errors of kernel machines against the published ones, and what Section 5 says of l2 and of time. */
import type { DatasetRef, OfKernels, SolvedKernel, Table3Row, Verdict } from '../contract.ts';
import { limitOf } from './decide.ts';
import { type LedgerRecord, recordIn } from './ledger/record.ts';
import { TABLE_3_RECORDS } from './ledger/table-3.ts';
import { wilsonPercent } from './statistics.ts';

/** A line of the table: ours and the record that it is held against. */
export interface Table3Line {
  row: Table3Row;
  record: LedgerRecord;
  dataset: DatasetRef;
  solved: SolvedKernel;
}

const record = (id: string) => recordIn(TABLE_3_RECORDS, `table-3.${id}`);

/** In the paper's order; the random net has one with l2 besides. */
export function linesOf(request: OfKernels): Table3Line[] {
  return request.kernels.flatMap(({ row, solved }) => {
    const dataset = datasetOf(request, row)!;
    const [none, regularized] = solved;
    const own = { row, record: record(row), dataset, solved: none! };
    if (row !== 'cifar10.random-filters' || !regularized) return [own];
    return [own, { row, record: record(`${row}.l2`), dataset, solved: regularized }];
  });
}

/** Generated images that stand for digits are made grey, and say so. */
export function datasetOf({ digits, photographs }: OfKernels, row: Table3Row): DatasetRef | null {
  if (!row.startsWith('mnist')) return photographs;
  return digits && digits.id.name !== 'mnist' ? { ...digits, title: `${digits.title}, grey` } : digits;
}

/** In per cent. */
export const testErrorOf = ({ testErrors, system }: SolvedKernel) => (100 * testErrors) / system.testImages;

export function judgeTable3(request: OfKernels): Verdict[] {
  const lines = linesOf(request);
  return TABLE_3_RECORDS.map((of) => {
    const judge = CLAIMS[of.id];
    if (judge) return judge(request, of);
    const line = lines.find((one) => one.record.id === of.id);
    return line ? judgeCell(request, line) : notRun(of);
  });
}

/** What is no cell. */
const CLAIMS: Record<string, (request: OfKernels, of: LedgerRecord) => Verdict> = {
  'table-3.mnist.none.norm': (request, of) => judgeNorm(request, of, 'mnist.none'),
  'table-3.mnist.gabor.norm': (request, of) => judgeNorm(request, of, 'mnist.gabor'),
  'table-3.mnist.l2-does-not-help': judgeL2,
  'table-3.mnist.time': judgeTime,
};

/** Without l2. It grows with the images, so a part of them says nothing of the published one. */
function judgeNorm(request: OfKernels, of: LedgerRecord, row: Table3Row): Verdict {
  const line = linesOf(request).find((one) => one.row === row);
  if (!line) return notRun(of);
  const { norm, residual, trainErrors } = line.solved;
  const published = of.published!;
  const near = Math.abs(norm.plusMinusOne - Number(published)) <= Number(published) / 10;
  const measured =
    `${norm.plusMinusOne.toFixed(0)} for labels ±1, ${norm.zeroOne.toFixed(0)} for 0/1 (residual ` +
    `${residual.toExponential(0)}, ${trainErrors} training ${trainErrors === 1 ? 'error' : 'errors'})`;
  const limit = limitOf({ profile: request.profile, dataset: line.dataset, runs: [] }, of);
  const own = { claim: of.id, published, measured };
  const part = limit ?? smaller(line.solved, line.dataset);
  if (part !== null) return { ...own, agrees: null, kind: 'not judged at this scale', reason: part };
  if (near) return { ...own, agrees: true, kind: 'reproduced', reason: of.tolerance };
  const reason = `Open in the paper: ${of.openChoices.join(', ')}.`;
  return { ...own, agrees: false, kind: 'depends on an open choice', reason };
}

function judgeCell({ profile }: OfKernels, { record: of, dataset, solved }: Table3Line): Verdict {
  const { testErrors, system, trainErrors } = solved;
  const ours = testErrorOf(solved);
  const published = of.published!;
  const [low, high] = wilsonPercent(testErrors, system.testImages);
  const near = Math.abs(ours - Number.parseFloat(published)) <= tolerance(published, ours, system.testImages);
  const verdict = { claim: of.id, published, agrees: near };
  const measured =
    `${ours.toFixed(2)} % (95 % interval ${low.toFixed(2)}–${high.toFixed(2)}; ` +
    `${trainErrors} training ${trainErrors === 1 ? 'error' : 'errors'})`;
  const limit = limitOf({ profile, dataset, runs: [] }, of) ?? smaller(solved, dataset);
  if (limit !== null) return { ...verdict, measured, kind: 'not judged at this scale', reason: limit };
  if (near) return { ...verdict, measured, kind: 'reproduced', reason: of.tolerance };
  const reason = `Off by more than rounding and chance; open in the paper: ${of.openChoices.join(', ')}.`;
  return { ...verdict, measured, kind: 'depends on an open choice', reason };
}

/** Half of the last printed digit, and two standard errors of a proportion, in points. */
function tolerance(published: string, percent: number, images: number): number {
  const decimals = /\.(\d+)/.exec(published)?.[1]?.length ?? 0;
  return 0.5 * 10 ** -decimals + 2 * Math.sqrt((percent * (100 - percent)) / images);
}

/** A part of the data set, or fewer filters than the paper has. */
function smaller({ system }: SolvedKernel, { train, test }: DatasetRef): string | null {
  if (system.trainImages < train.count || system.testImages < test.count) {
    return `${system.trainImages.toLocaleString('en')} of ${train.count.toLocaleString('en')} training images.`;
  }
  if ('filters' in system.features && system.features.filters < PAPER_FILTERS) {
    return `${system.features.filters.toLocaleString('en')} of ${PAPER_FILTERS.toLocaleString('en')} filters.`;
  }
  return null;
}

const PAPER_FILTERS = 32_000;

/** Of each preprocessing the best λ > 0 against none. */
function judgeL2({ profile, digits, kernels }: OfKernels, of: LedgerRecord): Verdict {
  const rows = kernels.filter(({ row }) => row.startsWith('mnist'));
  if (rows.length === 0) return notRun(of);
  const found = rows.map(({ row, solved: [none, ...others] }) => {
    const best = others.toSorted((a, b) => a.testErrors - b.testErrors)[0]!;
    const { testImages } = none!.system;
    const variance = (solved: SolvedKernel) => {
      const error = solved.testErrors / testImages;
      return (error * (1 - error)) / testImages;
    };
    const gain = (none!.testErrors - best.testErrors) / testImages;
    return {
      helps: gain > 2 * Math.sqrt(variance(none!) + variance(best)),
      text: `${row === 'mnist.gabor' ? 'wavelets' : 'pixels'}: ${testErrorOf(none!).toFixed(2)} % without, at best ${testErrorOf(best).toFixed(2)} % (λ = ${best.l2})`,
    };
  });
  const holds = found.every(({ helps }) => !helps);
  const verdict = {
    claim: of.id,
    published: of.says,
    measured: `${found.map(({ text }) => text).join('; ')}.`,
    agrees: holds,
  };
  const limit =
    limitOf({ profile, dataset: digits!, runs: [] }, of) ??
    rows.map(({ solved }) => smaller(solved[0]!, digits!)).find((reason) => reason !== null) ??
    (rows.length < 2 ? 'One of two preprocessings was run.' : null);
  if (limit !== null) return { ...verdict, kind: 'not judged at this scale', reason: limit };
  return holds
    ? { ...verdict, kind: 'reproduced', reason: of.tolerance }
    : {
        ...verdict,
        kind: 'depends on an open choice',
        reason: 'Some λ is better by more than two standard errors; open in the paper: bandwidth, wavelets.',
      };
}

/** A bound: a smaller machine that keeps it says more, one that does not says nothing. */
function judgeTime({ profile, digits, kernels }: OfKernels, of: LedgerRecord): Verdict {
  const solved = kernels.find(({ row }) => row === 'mnist.none')?.solved[0];
  if (!solved) return notRun(of);
  const { seconds, threads, memoryBytes, device } = solved.time;
  const within = seconds < PUBLISHED_SECONDS;
  const verdict = {
    claim: of.id,
    published: of.published!,
    measured:
      `${seconds.toFixed(0)} s for ${solved.system.trainImages.toLocaleString('en')} images to a residual of ` +
      `${solved.residual.toExponential(0)}, ${threads} ${threads === 1 ? 'core' : 'cores'}, ` +
      `${(memoryBytes / 1e9).toFixed(1)} GB, ${device}`,
    agrees: within,
  };
  const limit = limitOf({ profile, dataset: digits!, runs: [] }, of) ?? smaller(solved, digits!);
  if (limit !== null) return { ...verdict, kind: 'not judged at this scale', reason: limit };
  return within
    ? { ...verdict, kind: 'reproduced', reason: of.tolerance }
    : {
        ...verdict,
        kind: 'not judged at this scale',
        reason: 'Longer, on another machine than the paper’s.',
      };
}

const PUBLISHED_SECONDS = 180;

const notRun = (of: LedgerRecord): Verdict => ({
  claim: of.id,
  published: of.published ?? of.says,
  measured: '',
  agrees: null,
  kind: 'not run',
  reason: 'Its row was not asked for.',
});
