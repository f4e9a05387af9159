/** The four claims of the paper, which all its numbers are evidence for. */
import type { PaperClaim } from './record.ts';

export const PAPER_CLAIMS: { name: PaperClaim; title: string; says: string }[] = [
  {
    name: 'A',
    title: 'Random labels are fitted',
    says:
      'The same network with the same hyper-parameters reaches zero training error on true labels, random labels ' +
      'and noise, in a time that grows by a small constant factor; its test error on random labels is chance.',
  },
  {
    name: 'B',
    title: 'Explicit regularisation is neither necessary nor sufficient',
    says: 'Without crops, weight decay and dropout networks still generalise; with them on, they still fit random labels.',
  },
  {
    name: 'C',
    title: 'Finite-sample expressivity',
    says: 'A ReLU network of depth two with 2n + d weights represents any labelling of any n points in d dimensions.',
  },
  {
    name: 'D',
    title: 'SGD regularises implicitly',
    says:
      'On a linear model SGD from zero converges to the interpolant of least norm; such interpolants generalise, ' +
      'though the norm alone does not predict how well.',
  },
];
