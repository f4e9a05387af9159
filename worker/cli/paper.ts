/** `npm run paper`: every figure, table and theorem, then the report. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import { parseOptions } from '../../activities/read-options.ts';
import type { Store } from '../../activities/store/store.ts';
import type { Paper } from '../../workflows/paper.ts';
import { type ArtifactCommand, type Display, howMuch, list, workflowCommand } from './artifact.ts';
import { paperRows } from './follow.ts';
import { copyReproduction } from './results.ts';

export const PAPER: ArtifactCommand = {
  name: 'paper',
  workflow: 'reproducePaper',
  description: 'Reproduce every figure, table and theorem, one after the other, and write the report',
  readsImages: true,
  readsDigits: (input) => parseOptions('reproducePaper', input).artifacts.includes('table-3'),
  flags: [
    ...howMuch(),
    new Option('--artifacts <list>', 'such as figure-3,table-1; in this order (all)').argParser(list),
  ],
  grid: (input) => parseOptions('reproducePaper', input),
};

export const PAPER_DISPLAY: Display<Paper> = { rowsOf: paperRows, show: showPaper };

export const paperCommand = (): Command => workflowCommand(PAPER, PAPER_DISPLAY);

async function showPaper(
  store: Store,
  result: Paper,
  { folder, json }: { folder: string; json: boolean },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const page = join(folder, 'report.html');
  await writeFile(page, await store.get(result.report.html));
  for (const made of result.reproductions) {
    if (!('failure' in made)) await copyReproduction(store, made, join(folder, made.artifact));
  }
  if (json) {
    console.log(JSON.stringify({ kind: 'result', result }));
    return;
  }
  for (const made of result.reproductions) {
    if ('failure' in made) console.log(`✗ ${made.artifact}: ${made.failure.message}`);
    else console.log(`✓ ${made.artifact}: ${summary(made.verdicts.map(({ kind }) => kind))}`);
  }
  console.log(`\nReport: ${page}`);
}

/** `3 reproduced, 12 not judged at this scale` */
function summary(kinds: string[]): string {
  const counts = new Map<string, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => `${count} ${kind}`).join(', ');
}
