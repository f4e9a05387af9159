/** The end of a run: files where a person finds them, the numbers beside the published ones, the verdicts. */
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import type { ObjectRef } from '../../activities/contract.ts';
import type { Store } from '../../activities/store/store.ts';
import type { Figure1Result } from '../../workflows/figure-1.ts';
import { verdictLines } from './verdict-lines.ts';

export async function showFigure1(
  store: Store,
  result: Figure1Result,
  { folder, json }: { folder: string; json: boolean },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const copy = async (ref: ObjectRef) => {
    const path = join(folder, basename(ref.key));
    await writeFile(path, await store.get(ref));
    return relative('.', path);
  };
  const pictures = await Promise.all(
    result.figures.map(async ({ name, png, svg, spec, csv }) => {
      const [picture] = await Promise.all([png, svg, spec, csv].map(copy));
      return { name, picture };
    }),
  );
  const verdicts = await copy(result.verdictsMarkdown);
  await copy(result.verdictsJson);

  if (json) {
    console.log(JSON.stringify({ kind: 'result', result }));
    return;
  }
  const trained = result.runs.length - result.stored;
  console.log(
    `\n${result.dataset.title}: ${result.runs.length} trainings, ` +
      (trained === 0 ? 'all from the store.' : `${trained} trained, ${result.stored} from the store.`),
  );
  console.log(`\n${verdictLines(result.verdicts).join('\n')}\n`);
  for (const { name, picture } of pictures) {
    console.log(`${name}: ${picture} (beside it SVG, Vega-Lite specification, CSV)`);
  }
  console.log(`Verdicts: ${verdicts}`);
}
