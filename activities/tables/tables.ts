/** Every table by its number. */
import type { TableRequest } from '../contract.ts';
import type { Look } from '../verdicts/early-stopping.ts';
import { interpolants } from './interpolants.ts';
import { table1 } from './table-1.ts';
import { table2 } from './table-2.ts';
import { table3, table3Choices, table3Sweep } from './table-3.ts';
import { table4 } from './table-4.ts';

/** A table for people and for programs. */
export interface Table {
  markdown: string;
  csv: string;
}

/** looks: along the trainings, by run id; of Table 2. */
export function tableOf(request: TableRequest, looks: ReadonlyMap<string, Look[]>): Table {
  switch (request.table) {
    case '1':
      return table1(request);
    case '2':
      return table2(request, looks);
    case '3':
      return table3(request);
    case '3-l2':
      return table3Sweep(request);
    case '3-choices':
      return table3Choices(request);
    case '4':
      return table4(request);
    case 'interpolants':
      return interpolants(request);
  }
}
