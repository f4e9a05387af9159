import type { Activities, ObjectRef, TableRequest } from './contract.ts';
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
    const name = table === 'interpolants' ? table : `table-${table}`;
    const title = table === 'interpolants' ? 'Section 5: interpolants' : `Table ${table}`;
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
      title,
      about: `${title} on ${titlesOf(request)}, ${profile} profile.`,
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

function inputsOf(request: TableRequest): ObjectRef[] {
  if ('descent' in request) return [request.descent.numbers, request.machines.numbers];
  if ('kernels' in request) return request.kernels.flatMap(({ solved }) => solved.map(({ alpha }) => alpha));
  return request.runs.flatMap(({ outcome }) => (outcome ? [outcome.evaluations] : []));
}

function partsOf(request: TableRequest): Record<string, unknown> {
  if ('descent' in request) return { descent: request.descent.folder, machines: request.machines.folder };
  if ('kernels' in request)
    return { kernels: request.kernels.flatMap(({ solved }) => solved.map(({ id }) => id)) };
  return { runs: request.runs.map(({ planned }) => planned.id) };
}

const titlesOf = (request: TableRequest) =>
  'kernels' in request
    ? [request.digits, request.photographs].flatMap((dataset) => dataset?.title ?? []).join(' and ')
    : request.dataset.title;
