import type { Activities, TableRequest } from './contract.ts';
import { contentId } from './identity/identity.ts';
import { type Publishing, publish } from './provenance/publish.ts';
import * as keys from './store/keys.ts';
import { readEvaluations } from './store/outcomes.ts';
import { tableOf } from './tables/tables.ts';
import { looksOf } from './verdicts/early-stopping.ts';

/** Writes a table as Markdown and CSV: what was measured beside what was published. */
export function createWriteTable({ store, environment, now }: Publishing): Activities['writeTable'] {
  return async (request) => {
    const startedAt = now();
    const { table, profile } = request;
    const name = `table-${table}`;
    const looks = request.table === '2' ? looksOf(await readEvaluations(store, request.runs)) : new Map();
    const { markdown, csv } = tableOf(request, looks);
    // What is written names its folder.
    const id = contentId({ markdown, csv });
    const { folder, outputs, provenance } = await publish(store, {
      keyOf: (file) => keys.table(table, id, file),
      latest: keys.latestTable(table),
      files: [
        { name: `${name}.md`, bytes: markdown, contentType: 'text/markdown; charset=utf-8' },
        { name: `${name}.csv`, bytes: csv, contentType: 'text/csv' },
      ],
      title: `Table ${table}`,
      about: `Table ${table} on ${titlesOf(request)}, ${profile} profile.`,
      inputs: inputsOf(request),
      parameters: { table, profile, ...partsOf(request) },
      environment,
      startedAt,
      now,
    });
    const [text, numbers] = outputs;
    return { name, folder, markdown: text, csv: numbers, provenance };
  };
}

const inputsOf = (request: TableRequest) =>
  'kernels' in request
    ? request.kernels.flatMap(({ solved }) => solved.map(({ alpha }) => alpha))
    : request.runs.flatMap(({ outcome }) => (outcome ? [outcome.evaluations] : []));

const partsOf = (request: TableRequest) =>
  'kernels' in request
    ? { kernels: request.kernels.flatMap(({ solved }) => solved.map(({ id }) => id)) }
    : { runs: request.runs.map(({ planned }) => planned.id) };

const titlesOf = (request: TableRequest) =>
  'kernels' in request
    ? [request.digits, request.photographs].flatMap((dataset) => dataset?.title ?? []).join(' and ')
    : request.dataset.title;
