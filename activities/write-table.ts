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
    const { table, profile, dataset, runs } = request;
    const name = `table-${table}`;
    const looks = table === '2' ? looksOf(await readEvaluations(store, runs)) : new Map();
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
      about: `Table ${table} on ${dataset.title}, ${profile} profile.`,
      inputs: inputsOf(request),
      parameters: { table, profile, runs: runs.map(({ planned }) => planned.id) },
      environment,
      startedAt,
      now,
    });
    const [text, numbers] = outputs;
    return { name, folder, markdown: text, csv: numbers, provenance };
  };
}

const inputsOf = ({ runs }: TableRequest) =>
  runs.flatMap(({ outcome }) => (outcome ? [outcome.evaluations] : []));
