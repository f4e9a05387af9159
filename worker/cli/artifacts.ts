/** The commands of all figures, tables and theorems. */
import { Option } from 'commander';
import { Condition, ModelName } from '../../activities/contract.ts';
import { parseOptions } from '../../activities/read-options.ts';
import { figure1Grid } from '../../workflows/figure-1.ts';
import { type ArtifactCommand, list, numbers } from './artifact.ts';

export const ARTIFACTS: ArtifactCommand[] = [
  {
    name: 'figure1',
    workflow: 'reproduceFigure1',
    description: 'Reproduce Figure 1: real training, three panels, verdicts',
    trains: true,
    flags: [
      new Option('--panels <list>', 'a,b,c').argParser(list),
      new Option('--models <list>', ModelName.options.join(',')).argParser(list),
      new Option('--conditions <list>', `of panel a: ${Condition.options.join(',')}`).argParser(list),
      new Option(
        '--corruption-levels <list>',
        'label corruption of panels b and c, such as 0,0.5,1',
      ).argParser(numbers),
    ],
    grid: (input) => figure1Grid(parseOptions('reproduceFigure1', input)),
  },
];
