/** Section 5: interpolants, their norms and errors. */
import type { BandwidthChoice, Interpolant, InterpolantName, OfLinearModels } from '../contract.ts';
import { csv } from '../drawing/csv.ts';
import { linearStamp } from '../drawing/linear-stamp.ts';
import { count } from '../drawing/stamp.ts';
import { markdownTable } from './markdown.ts';
import type { Table } from './tables.ts';

const WORDS: Record<InterpolantName, string> = {
  linear: 'linear, SGD from zero',
  'linear-elsewhere': 'linear, SGD from elsewhere',
  'linear-random-labels': 'linear, SGD from zero, random labels',
  kernel: 'Gaussian kernel, least norm',
  'kernel-gabor': 'Gaussian kernel on Gabor wavelets, least norm',
  'kernel-random-labels': 'Gaussian kernel, random labels, least norm',
  'kernel-random-centres': 'Gaussian kernel, centres at random points',
  'kernel-forced-labels': 'Gaussian kernel, random labels forced on the test images, least norm',
};

export function interpolants(request: OfLinearModels): Table {
  const rows = [...request.descent.interpolants, ...request.machines.interpolants];
  const { choices, signs } = request.machines;
  return {
    markdown: markdownTable({
      title: 'Section 5: functions that fit every training image',
      stamp: linearStamp(request),
      columns: ['interpolant', 'training images', 'norm', 'training error', 'test error'],
      rows: rows.map(({ name, norm, train, test }) => [
        WORDS[name],
        count(train.images),
        norm.toPrecision(3),
        percent(train),
        percent(test),
      ]),
      notes: [
        'Norm: of the weights on whitened pixels, or in the kernel’s space; over all ten outputs of ±1 labels, so linear ' +
          'and kernel norms do not compare. Labels of 0 and 1 would halve it.',
        ...choices.map(choiceNote),
        'From elsewhere: a random start as long as the solution. Random centres: as many as images, uniform noise. Forced ' +
          'labels: test images are fitted to random labels beside the training images; the norm is that of the whole.',
        `Random signs: ${signs.accuracies.length} draws of ±1 labels are fitted to ${count(signs.points)} images with a mean accuracy of ` +
          `${(50 * (1 + signs.estimate)).toFixed(2)} %, so the empirical Rademacher complexity is at least ` +
          `${signs.atLeast.toFixed(3)} with 95 % confidence; 1 is the most there is (Section 2.2).`,
      ],
    }),
    csv: csv(
      ['interpolant', 'gamma', 'norm', 'train_errors', 'train_images', 'test_errors', 'test_images'],
      rows.map(({ name, gamma, norm, train, test }) => [
        ...[name, gamma, norm],
        ...[train.errors, train.images, test.errors, test.images],
      ]),
    ),
  };
}

const percent = ({ errors, images }: Interpolant['train']) => `${((100 * errors) / images).toFixed(2)} %`;

const choiceNote = ({ features, bank, gamma, errors, images }: BandwidthChoice) =>
  `${features === 'pixels' ? 'Pixels / 255' : `Wavelets (${bank!.orientations} orientations, ${bank!.wavelengths.join(' and ')} pixels long, means over ${bank!.window})`}: ` +
  `γ = ${gamma.toPrecision(3)}, chosen for the fewest errors when each of ${count(images)} training images is left out, ${count(errors)}.`;
