/** What was measured, as data and as tables for people. */
import { aroundTheStep } from './around-the-step.ts';
import { type Job, Model, type Precision, SETTINGS, type Task } from './job.ts';
import { type LargeSolve, largeSolves } from './large-solve.ts';
import { BUSY, type Machine } from './machine.ts';
import { type Comparison, difference, type Measured, type Protocol } from './measure.ts';
import { giga, ms, percent, plain } from './numbers.ts';
import type { Segment } from './segment.ts';
import { median, pairedRatio, quartiles, type Spread } from './statistics.ts';
import { besideReading, type TheoremTimes } from './theorem.ts';

/** flops: of a step. ratio: how many times as long as `against` it takes, null for a reference itself.
 *  difference: of its proof from the reference's. */
export interface Row {
  variant: string;
  precision: Precision;
  seconds: Spread;
  flopsPerSecond: number;
  against: string | null;
  ratio: Spread | null;
  difference: number | null;
  peakBytes: number | null;
  /** Of a solve. */
  residual: number | null;
  setupSeconds: number;
  firstStepSeconds: number;
  versions: Record<string, string>;
}

export interface Section {
  model: Job['model'];
  task: Task;
  flops: number;
  rows: Row[];
  failed: Comparison['failed'];
  /** Everything behind the rows. */
  comparisons: Comparison[];
}

export interface Report {
  measuredAt: string;
  machine: Machine;
  threads: number;
  protocol: Protocol;
  sections: Section[];
  segments: Segment[];
  theorems: TheoremTimes[];
  solves: LargeSolve[];
}

export function section(
  { model, task, flops }: Pick<Section, 'model' | 'task' | 'flops'>,
  comparisons: { precision: Precision; comparison: Comparison }[],
): Section {
  const row = (
    precision: Precision,
    measured: Measured,
    pair: Pick<Row, 'against' | 'ratio' | 'difference'>,
  ): Row => {
    const { variant, versions, setupSeconds, firstStepSeconds, peakBytes, residual = null } = measured;
    const seconds = quartiles(measured.samples.map(median));
    const flopsPerSecond = flops / seconds.median;
    return {
      variant,
      precision,
      seconds,
      flopsPerSecond,
      ...pair,
      peakBytes,
      residual,
      setupSeconds,
      firstStepSeconds,
      versions,
    };
  };
  return {
    model,
    task,
    flops,
    rows: comparisons.flatMap(({ precision, comparison: { reference, pairs } }) => [
      row(precision, reference, { against: null, ratio: null, difference: null }),
      ...pairs.map(({ other, reference: ours }) =>
        row(precision, other, {
          against: reference.variant,
          ratio: pairedRatio(other.samples, ours),
          difference: difference(reference.proof, other.proof),
        }),
      ),
    ]),
    failed: comparisons.flatMap(({ comparison }) => comparison.failed),
    comparisons: comparisons.map(({ comparison }) => comparison),
  };
}

/** The most operations a second that anybody's large matrix product reached, by precision. */
export function roofs(sections: readonly Section[]): Partial<Record<Precision, number>> {
  const products = sections.filter(({ task }) => task === 'product').flatMap(({ rows }) => rows);
  const highest = (wanted: Precision) =>
    products.filter(({ precision }) => precision === wanted).map(({ flopsPerSecond }) => flopsPerSecond);
  return Object.fromEntries(
    (['float32', 'bfloat16'] as const)
      .map((precision) => [precision, highest(precision)] as const)
      .filter(([, found]) => found.length > 0)
      .map(([precision, found]) => [precision, Math.max(...found)]),
  );
}

export function markdown({ measuredAt, machine, threads, protocol, sections, ...rest }: Report): string {
  const found = roofs(sections);
  const roofLine = Object.entries(found).map(([precision, flops]) => `${precision} ${giga(flops)} GFLOP/s`);
  const versions = Object.assign({}, ...sections.flatMap(({ rows }) => rows.map(({ versions }) => versions)));
  return [
    '# Speed against other frameworks',
    '',
    `${machine.cpu}, ${threads} of ${machine.cores} cores (${machine.flags.join(', ') || 'flags unknown'}), ` +
      `${Math.round(machine.memoryBytes / 2 ** 30)} GiB, ${machine.kernel}; ` +
      `${Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', ')}. Measured at ${measuredAt}.`,
    '',
    `Before the start the load was ${machine.load.toFixed(2)} and others used ${percent(machine.busy)} of the cores` +
      `${machine.busy > BUSY ? ': **the machine was busy, the numbers are rough**' : ''}.`,
    '',
    `Ours and each other in turns of ${protocol.turnSeconds} s, ${protocol.rounds} rounds. ` +
      'Time: median over rounds (quarters to either side). Ratio: time over that of ours in the same rounds, median ' +
      '(least–most); above 1 ours is faster. Difference: of the first three losses, of logits or of coefficients, from ours.',
    '',
    ...(roofLine.length > 0
      ? [`Roof, the best of all products of two large matrices: ${roofLine.join(', ')}.`, '']
      : []),
    ...sections.flatMap((each) => [...table(each, found), '']),
    ...aroundTheStep(rest.segments),
    ...besideReading(rest.theorems),
    ...largeSolves(rest.solves),
  ].join('\n');
}

/** What a step makes, where it is not a batch of images. */
const UNITS: Partial<Record<Task, string>> = { product: 'products', kernel: 'solves' };

const COLUMNS = [
  ...['variant', 'ms', 'per second', 'ratio', 'to', 'GFLOP/s', 'of roof'],
  ...['peak memory', 'set-up', 'first step', 'difference'],
];

function table({ model, task, rows, failed, flops }: Section, found: ReturnType<typeof roofs>): string[] {
  const network = Model.safeParse(model).data;
  const images = network ? SETTINGS[network].batch : null;
  const unit = UNITS[task] ?? 'images';
  const lines = rows.map((row) => {
    const { seconds, ratio, precision } = row;
    const roof = found[precision];
    return [
      row.variant,
      `${ms(seconds.median)} (${ms(seconds.low)}–${ms(seconds.high)})`,
      `${plain((images ?? 1) / seconds.median)} ${unit}`,
      ratio ? `${ratio.median.toFixed(2)} (${ratio.low.toFixed(2)}–${ratio.high.toFixed(2)})` : '1',
      row.against ?? 'itself',
      giga(row.flopsPerSecond),
      roof === undefined ? '–' : percent(row.flopsPerSecond / roof),
      row.peakBytes === null ? '–' : `${Math.round(row.peakBytes / 2 ** 20)} MiB`,
      `${row.setupSeconds.toFixed(1)} s`,
      `${row.firstStepSeconds.toFixed(1)} s`,
      row.difference === null || task === 'product' ? '–' : row.difference.toExponential(0),
      ...(task === 'kernel' ? [row.residual?.toExponential(0) ?? '–'] : []),
    ];
  });
  const columns = [...COLUMNS, ...(task === 'kernel' ? ['residual'] : [])];
  return [
    `## ${model}, ${task} (${images === null ? '' : `${images} images, `}${giga(flops)} GFLOP)`,
    '',
    ...[columns, columns.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`),
    ...failed.map(({ variant, reason }) => `\nNot measured: ${variant}. ${reason}`),
  ];
}
