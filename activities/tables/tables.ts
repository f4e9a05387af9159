/** Every table by its number. */
import type { TableRequest } from '../contract.ts';
import { table1 } from './table-1.ts';
import { table2 } from './table-2.ts';
import { table4 } from './table-4.ts';

/** A table for people and for programs. */
export interface Table {
  markdown: string;
  csv: string;
}

export function tableOf(request: TableRequest): Table {
  switch (request.table) {
    case '1':
      return table1(request);
    case '2':
      return table2(request);
    case '4':
      return table4(request);
  }
}
