/** Table 3: kernel machines, ours beside the published ones; the sweep over λ on MNIST; and the choices that the paper
 *  leaves open, every candidate with its leave-one-out errors. */
import type { KernelCandidate, OfKernels, Table3Row } from '../contract.ts';
import { csv } from '../drawing/csv.ts';
import { kernelStamp } from '../drawing/kernel-stamp.ts';
import { TABLE_3_RECORDS } from '../verdicts/ledger/table-3.ts';
import { datasetOf, judgeTable3, linesOf, testErrorOf } from '../verdicts/table-3.ts';
import { markdownTable } from './markdown.ts';
import type { Table } from './tables.ts';

/** Section 5, "about"; whether for labels ±1 or 0/1 the paper does not say. */
const publishedNorm = (row: Table3Row): number | null => {
  const published = TABLE_3_RECORDS.find(({ id }) => id === `table-3.${row}.norm`)?.published;
  return published ? Number(published) : null;
};

const PREPROCESSING: Record<Table3Row, string> = {
  'mnist.none': 'none',
  'mnist.gabor': 'Gabor wavelets',
  'cifar10.none': 'none',
  'cifar10.random-filters': 'random convolutional net',
};

export function table3(request: OfKernels): Table {
  const verdicts = judgeTable3(request);
  const rows = linesOf(request).map(({ row, record, dataset, solved }) => ({
    row,
    id: record.id,
    dataset: dataset.title,
    preprocessing: `${PREPROCESSING[row]}${solved.l2 > 0 ? ', l2' : ''}`,
    solved,
    published: record.published!,
    norm: publishedNorm(row),
    kind: verdicts.find(({ claim }) => claim === record.id)!.kind,
  }));
  return {
    markdown: markdownTable({
      title: 'Table 3: kernel machines that fit every label',
      stamp: kernelStamp(request),
      columns: [
        'data',
        'preprocessing',
        'test error',
        'paper',
        'training errors',
        'norm, labels ±1',
        'norm, labels 0/1',
        'paper',
        'verdict',
      ],
      rows: rows.map(({ dataset, preprocessing, solved, published, norm, kind }) => [
        dataset,
        preprocessing,
        `${testErrorOf(solved).toFixed(2)} %`,
        published,
        String(solved.trainErrors),
        solved.norm.plusMinusOne.toFixed(0),
        solved.norm.zeroOne.toFixed(0),
        norm === null ? '–' : `about ${norm}`,
        kind,
      ]),
      notes: [
        ...rows.map(({ dataset, preprocessing, solved: { residual, iterations, l2 } }) =>
          [
            `${dataset}, ${preprocessing}: residual ${residual.toExponential(1)} after ${iterations} iterations`,
            ...(l2 > 0 ? [`λ = ${l2.toPrecision(3)}`] : []),
          ].join(', '),
        ),
        'Norms are √(tr αᵀKα) over all ten outputs, and grow with the number of images; the published ones are of 60,000.',
        'The random net’s kernel is the inner product of its features, so its norm has other units than the others’.',
        'Bandwidths, wavelets and the λ of l2 are chosen by leave-one-out on training images: see table-3-choices.',
      ],
    }),
    csv: csv(
      [
        'row',
        'dataset',
        'preprocessing',
        'lambda',
        'train_images',
        'test_images',
        'train_errors',
        'test_errors',
        'test_error_percent',
        'published_percent',
        'norm_plus_minus_one',
        'norm_zero_one',
        'norm_published',
        'residual',
        'iterations',
        'verdict',
      ],
      rows.map(({ id, dataset, preprocessing, solved, published, norm, kind }) => [
        ...[id, dataset, preprocessing, solved.l2, solved.system.trainImages, solved.system.testImages],
        ...[solved.trainErrors, solved.testErrors, testErrorOf(solved), Number.parseFloat(published)],
        ...[solved.norm.plusMinusOne, solved.norm.zeroOne, norm, solved.residual, solved.iterations, kind],
      ]),
    ),
  };
}

/** Test error and norm against λ, of every row that was solved for several. */
export function table3Sweep(request: OfKernels): Table {
  const rows = request.kernels
    .filter(({ solved }) => solved.length > 1)
    .flatMap(({ row, solved }) =>
      solved.map((one) => ({ row, one, dataset: datasetOf(request, row)!.title })),
    );
  return {
    markdown: markdownTable({
      title: 'Table 3: what l2 does',
      stamp: kernelStamp(request),
      columns: ['data', 'preprocessing', 'λ', 'test error', 'training errors', 'norm, labels ±1'],
      rows: rows.map(({ row, one, dataset }) => [
        dataset,
        PREPROCESSING[row],
        one.l2 === 0 ? '0' : String(Number(one.l2.toPrecision(3))),
        `${testErrorOf(one).toFixed(2)} %`,
        String(one.trainErrors),
        one.norm.plusMinusOne.toFixed(0),
      ]),
      notes: ['Every λ of a sweep is shown as it is on the test images; none was chosen by them.'],
    }),
    csv: csv(
      ['row', 'lambda', 'test_errors', 'test_images', 'train_errors', 'norm_plus_minus_one', 'norm_zero_one'],
      rows.map(({ row, one }) => [
        ...[row, one.l2, one.testErrors, one.system.testImages, one.trainErrors],
        ...[one.norm.plusMinusOne, one.norm.zeroOne],
      ]),
    ),
  };
}

export function table3Choices(request: OfKernels): Table {
  const rows = request.kernels.flatMap(({ row, choice }) =>
    choice.candidates.map((candidate) => ({ row, choice, candidate, chosen: isChosen(candidate, choice) })),
  );
  return {
    markdown: markdownTable({
      title: 'Table 3: choices that the paper leaves open',
      stamp: kernelStamp(request),
      columns: ['row', 'candidate', 'leave-one-out errors', 'of', 'chosen'],
      rows: rows.map(({ row, choice, candidate, chosen }) => [
        row,
        candidate.name,
        candidate.errors === null ? 'singular' : String(candidate.errors),
        choice.images.toLocaleString('en-US'),
        chosen ? 'yes' : '',
      ]),
      notes: [
        'The fewest errors of leave-one-out on the first training images, the first of equals. No test image was looked at.',
      ],
    }),
    csv: csv(
      ['row', 'candidate', 'features', 'lambda', 'leave_one_out_errors', 'images', 'chosen'],
      rows.map(({ row, choice, candidate, chosen }) => [
        ...[row, candidate.name, JSON.stringify(candidate.features), candidate.l2],
        ...[candidate.errors, choice.images, chosen],
      ]),
    ),
  };
}

const isChosen = ({ name }: KernelCandidate, { chosen }: { chosen: KernelCandidate }) => chosen.name === name;
