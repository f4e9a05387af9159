/** Figures, tables and theorems in the paper's order, each with the workflow and the command that make it. */
import type { PaperArtifact } from './record.ts';

export interface ArtifactPlace {
  artifact: PaperArtifact;
  /** As the paper calls it. */
  title: string;
  about: string;
  workflow: string;
  /** `npm run …` */
  command: string;
}

export const PAPER_ARTIFACTS: ArtifactPlace[] = [
  {
    artifact: 'figure-1',
    title: 'Figure 1',
    about: 'One network under five conditions; label corruption against time to overfit and test error.',
    workflow: 'reproduceFigure1',
    command: 'figure1',
  },
  {
    artifact: 'table-1',
    title: 'Table 1',
    about: 'CIFAR-10: five networks with and without random crops and weight decay, and on random labels.',
    workflow: 'reproduceTable1',
    command: 'table1',
  },
  {
    artifact: 'table-2',
    title: 'Table 2 and Figure 2a',
    about: 'ImageNet: Inception V3 with and without augmentation, dropout and weight decay.',
    workflow: 'reproduceTable2',
    command: 'table2',
  },
  {
    artifact: 'figure-2',
    title: 'Figure 2b',
    about: 'CIFAR-10: Inception (small) with and without batch norm, and what early stopping would gain.',
    workflow: 'reproduceFigure2',
    command: 'figure2',
  },
  {
    artifact: 'theorem-1',
    title: 'Theorem 1, Lemma 1 and Corollary 1',
    about: 'The networks that represent any labelling of any sample, constructed.',
    workflow: 'verifyTheorem1',
    command: 'theorem1',
  },
  {
    artifact: 'table-3',
    title: 'Table 3',
    about: 'Kernel regression without regularisation on MNIST and CIFAR-10.',
    workflow: 'reproduceTable3',
    command: 'table3',
  },
  {
    artifact: 'implicit-regularization',
    title: 'Section 5, linear models',
    about: 'Gradient descent from zero against the interpolant of least norm.',
    workflow: 'verifyImplicitRegularization',
    command: 'implicit',
  },
  {
    artifact: 'figure-3',
    title: 'Figure 3',
    about: 'The architecture of Inception (small), drawn from the network’s own definition.',
    workflow: 'reproduceFigure3',
    command: 'figure3',
  },
  {
    artifact: 'table-4',
    title: 'Table 4',
    about: 'Fitting random labels with explicit regularisers on.',
    workflow: 'reproduceTable4',
    command: 'table4',
  },
];
