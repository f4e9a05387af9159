export { reproduceFigure1 } from './figure-1.ts';
export { trainNetwork } from './train-network.ts';
