export { reproduceFigure1 } from './figure-1.ts';
export { reproduceFigure2 } from './figure-2.ts';
export { reproduceFigure3 } from './figure-3.ts';
export { reproducePaper } from './paper.ts';
export { reproduceTable1 } from './table-1.ts';
export { reproduceTable2 } from './table-2.ts';
export { reproduceTable4 } from './table-4.ts';
export { trainNetwork } from './train-network.ts';
