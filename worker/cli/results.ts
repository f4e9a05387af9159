/** The end of a run: files where a person finds them, the numbers beside the published ones, the verdicts. */
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import type { ObjectRef, Reproduction } from '../../activities/contract.ts';
import type { Store } from '../../activities/store/store.ts';
import { verdictLines } from './verdict-lines.ts';

/** Copies the files of an artifact into a folder, and returns a line on each. */
export async function copyReproduction(
  store: Store,
  result: Reproduction,
  folder: string,
): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const copy = async (ref: ObjectRef) => {
    const path = join(folder, basename(ref.key));
    await writeFile(path, await store.get(ref));
    return relative('.', path);
  };
  const figures = await Promise.all(
    result.figures.map(async ({ name, png, svg, spec, csv }) => {
      const [picture] = await Promise.all([png, svg, spec, csv].map(copy));
      return `${name}: ${picture} (beside it SVG, Vega-Lite specification, CSV)`;
    }),
  );
  const tables = await Promise.all(
    result.tables.map(async ({ name, markdown, csv }) => {
      const [text] = await Promise.all([markdown, csv].map(copy));
      return `${name}: ${text} (beside it CSV)`;
    }),
  );
  const verdicts = await copy(result.verdictsMarkdown);
  await copy(result.verdictsJson);
  return [...figures, ...tables, `Verdicts: ${verdicts}`];
}

export async function showReproduction(
  store: Store,
  result: Reproduction,
  { folder, json }: { folder: string; json: boolean },
): Promise<void> {
  const files = await copyReproduction(store, result, folder);
  if (json) {
    console.log(JSON.stringify({ kind: 'result', result }));
    return;
  }
  console.log(`\n${result.stamp}`);
  const { needed, stored, failed } = result.trainings;
  if (needed > 0) {
    const ended = [
      ...(needed - stored - failed > 0 ? [`${needed - stored - failed} trained`] : []),
      ...(stored > 0 ? [`${stored} from the store`] : []),
      ...(failed > 0 ? [`${failed} without an outcome`] : []),
    ];
    console.log(`${needed} ${needed === 1 ? 'training' : 'trainings'}: ${ended.join(', ')}.`);
  }
  console.log(`\n${verdictLines(result.verdicts).join('\n')}\n`);
  console.log(files.join('\n'));
}
