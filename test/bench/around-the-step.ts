/** The table of what a training does besides its steps. */
import { finePercent, ms, plain } from './numbers.ts';
import type { Segment } from './segment.ts';

const COLUMNS = [
  ...['network', 'batch', 'ms a step', 'outside the step', 'of it checkpoints'],
  ...['a checkpoint stops it for', 'a look at 2 × 2,000 images', 'looks, an epoch of 50,000'],
];

export function aroundTheStep(segments: readonly Segment[]): string[] {
  const [first] = segments;
  if (!first) return [];
  const lines = segments.map((segment) => {
    const { stepSeconds, evaluationSeconds: look } = segment;
    return [
      segment.model,
      String(segment.batchSize),
      ms(stepSeconds),
      finePercent(segment.outside),
      finePercent(segment.checkpoints),
      `${ms(segment.checkpointSeconds)} ms`,
      look === null ? '–' : `${plain(look)} s`,
      look === null ? '–' : finePercent(look / (look + segment.stepsPerEpoch * stepSeconds)),
    ];
  });
  return [
    '## Around the step',
    '',
    `A training as the workers run it, activity and trainer process, with a checkpoint into an S3 server of the same ` +
      `machine every ${first.checkpointEverySeconds} s. Outside: part of the time in which no step runs (batches, ` +
      'curve, reports, checkpoints), evaluations aside. Looks: their part of a training with one an epoch.',
    '',
    ...[COLUMNS, COLUMNS.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`),
    '',
  ];
}
