/** The commands of all figures, tables and theorems. */
import { resolve } from 'node:path';
import { Option } from 'commander';
import { Cifar10Model, Condition, SampleLabels, Table2Row, Table3Row } from '../../activities/contract.ts';
import { measureNetwork } from '../../activities/models/network.ts';
import { parseOptions } from '../../activities/read-options.ts';
import { figure1Grid } from '../../workflows/figure-1.ts';
import { figure2Grid } from '../../workflows/figure-2.ts';
import { table1Grid } from '../../workflows/table-1.ts';
import { table2Grid } from '../../workflows/table-2.ts';
import { table4Grid } from '../../workflows/table-4.ts';
import { type ArtifactCommand, howMuch, list, numbers, profileFlag } from './artifact.ts';

export const ARTIFACTS: ArtifactCommand[] = [
  {
    name: 'figure1',
    workflow: 'reproduceFigure1',
    description: 'Reproduce Figure 1: real training, three panels, verdicts',
    readsImages: true,
    flags: [
      ...howMuch(),
      new Option('--panels <list>', 'a,b,c').argParser(list),
      new Option('--models <list>', Cifar10Model.options.join(',')).argParser(list),
      new Option('--conditions <list>', `of panel a: ${Condition.options.join(',')}`).argParser(list),
      new Option(
        '--corruption-levels <list>',
        'label corruption of panels b and c, such as 0,0.5,1',
      ).argParser(numbers),
    ],
    grid: (input) => figure1Grid(parseOptions('reproduceFigure1', input)),
  },
  {
    name: 'table1',
    workflow: 'reproduceTable1',
    description: 'Reproduce Table 1: five networks with and without regularisers, and on random labels',
    readsImages: true,
    flags: [...howMuch(), ...rowsAndCoefficient()],
    grid: (input) => table1Grid(parseOptions('reproduceTable1', input)),
  },
  {
    name: 'table4',
    workflow: 'reproduceTable4',
    description: 'Reproduce Table 4: random labels with regularisers on',
    readsImages: true,
    flags: [...howMuch(), ...rowsAndCoefficient()],
    grid: (input) => table4Grid(parseOptions('reproduceTable4', input)),
  },
  {
    name: 'table3',
    workflow: 'reproduceTable3',
    description: 'Reproduce Table 3: kernel machines that fit every label of MNIST and CIFAR-10',
    readsImages: true,
    generates: (input) => !wants('cifar10', input),
    readsDigits: (input) => wants('mnist', input),
    flags: [
      profileFlag(),
      new Option('--rows <list>', Table3Row.options.join(',')).argParser(list),
      new Option('--seed <number>', 'of the random filters (1)').argParser(Number),
      new Option('--images <number>', 'first training images; the profile says otherwise').argParser(Number),
      new Option('--filters <number>', 'random filters; the profile says otherwise').argParser(Number),
    ],
    grid: (input) => parseOptions('reproduceTable3', input),
  },
  {
    name: 'table2',
    workflow: 'reproduceTable2',
    description:
      'Reproduce Table 2 and Figure 2a on your own ImageNet: Inception V3 with and without regularisers',
    readsImages: false,
    flags: [
      ...howMuch(),
      new Option(
        '--source <place>',
        'tar shards or class folders: a folder, s3://bucket/prefix, or https:// addresses (RETHINKING_IMAGENET)',
      ).argParser(fromHere),
      new Option('--rows <list>', Table2Row.options.join(',')).argParser(list),
    ],
    grid: (input) => table2Grid(parseOptions('reproduceTable2', input)),
  },
  {
    name: 'figure2',
    workflow: 'reproduceFigure2',
    description:
      'Reproduce Figure 2b: Inception with and without batch norm, and what early stopping would gain',
    readsImages: true,
    flags: howMuch(),
    grid: (input) => figure2Grid(parseOptions('reproduceFigure2', input)),
  },
  {
    name: 'figure3',
    workflow: 'reproduceFigure3',
    description: 'Reproduce Figure 3: the architecture, drawn from its definition',
    readsImages: false,
    flags: [new Option('--model <name>', 'another network').choices(Cifar10Model.options)],
    // Another definition is another picture: a workflow that answered for the old one is not asked again.
    grid: (input) => measureNetwork(parseOptions('reproduceFigure3', input).model),
  },
  {
    name: 'theorem1',
    workflow: 'verifyTheorem1',
    description:
      'Verify Theorem 1, Lemma 1 and Corollary 1: the networks for any labels of images, built and checked',
    readsImages: true,
    flags: [
      profileFlag(),
      new Option('--labels <kind>', 'of the data set, uniform classes, normal numbers (random)').choices(
        SampleLabels.options,
      ),
      new Option('--seed <number>', 'of the projection and of drawn labels (1)').argParser(Number),
      new Option('--points <number>', 'how many images; the profile says otherwise').argParser(Number),
      new Option('--generated <number>', 'so many points of random bytes instead of images')
        .argParser(Number)
        .conflicts(['dataset', 'data', 'points']),
    ],
    generates: (input) => parseOptions('verifyTheorem1', input).generated !== null,
    grid: (input) => parseOptions('verifyTheorem1', input),
  },
  {
    name: 'implicit',
    workflow: 'verifyImplicitRegularization',
    description:
      'Verify Section 5: SGD on a linear model finds the least norm; kernel interpolants, and their norms',
    readsImages: true,
    flags: [
      profileFlag(),
      new Option('--seed <number>', 'of everything that is drawn (1)').argParser(Number),
      new Option('--points <number>', 'images of the linear model; the profile says otherwise').argParser(
        Number,
      ),
    ],
    grid: (input) => parseOptions('verifyImplicitRegularization', input),
  },
];

function rowsAndCoefficient(): Option[] {
  return [
    new Option('--models <list>', `rows of these alone: ${Cifar10Model.options.join(',')}`).argParser(list),
    new Option('--weight-decay <number>', 'λ of λ/2·‖w‖², where it is on (0.0005)').argParser(Number),
  ];
}

/** Whether some row of Table 3 is of this data. */
const wants = (data: 'mnist' | 'cifar10', input: object) =>
  parseOptions('reproduceTable3', input).rows.some((row) => row.startsWith(data));

/** A folder as workers find it, wherever they were started. */
function fromHere(source: string): string {
  return /^(https?|s3):/.test(source) ? source : resolve(source);
}
