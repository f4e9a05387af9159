/** Every table by its number. */
import type { TableRequest } from '../contract.ts';

/** A table for people and for programs. */
export interface Table {
  markdown: string;
  csv: string;
}

export function tableOf(request: TableRequest): Table {
  throw new Error(`Nobody writes table ${request.table} yet.`);
}
