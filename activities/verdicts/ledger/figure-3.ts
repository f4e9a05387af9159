/** What Figure 3 shows, and the parameter counts of Table 1. */
import { MODULES, MULTIPLY_ADDS_OF_INCEPTION, parametersOf } from '../figure-3.ts';
import { PARAMETERS } from '../parameters.ts';
import type { LedgerRecord } from './record.ts';

const SHARED = { artifact: 'figure-3', supports: null, published: null } as const;

const MODELS = ['inception', 'inception-without-batch-norm', 'alexnet', 'mlp-3x512', 'mlp-1x512'] as const;

export const FIGURE_3_RECORDS: LedgerRecord[] = [
  { ...MODULES, ...SHARED },
  ...MODELS.map((model) => ({
    ...parametersOf(model),
    ...SHARED,
    published: PARAMETERS[model].toLocaleString('en-US'),
  })),
  { ...MULTIPLY_ADDS_OF_INCEPTION, ...SHARED },
];
