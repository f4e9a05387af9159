/** A night as people follow it: its canaries, then the paper with its trainings, then what differs. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client, WorkflowHandle } from '@temporalio/client';
import type { Store } from '../../activities/store/store.ts';
import { type NightProgress, type NightResult, nightQuery } from '../../workflows/nightly.ts';
import type { Display } from './artifact.ts';
import { paperRows, stepsOf } from './follow.ts';
import type { Row } from './rows.ts';
import { count } from './said.ts';

const PLAIN = { progress: null, paused: null, trouble: null };

/** One row a phase, and of the one that it is in its trainings. */
async function nightRows(client: Client, handle: WorkflowHandle): Promise<Row[] | null> {
  try {
    const night = await handle.query<NightProgress, []>(nightQuery);
    const canaries = night.canaries.map(
      async ({ id, title, state }): Promise<Row> => ({
        title: `  ${title}`,
        state,
        ...(state === 'waiting' && night.phase === 'canaries' ? await stepsOf(client, id) : PLAIN),
      }),
    );
    const paper =
      night.phase === 'paper' ? await paperRows(client, client.workflow.getHandle(night.paper)) : null;
    return [
      row(night, 'canaries'),
      ...(await Promise.all(canaries)),
      row(night, 'paper'),
      ...(paper ?? []).map((one) => ({ ...one, title: `  ${one.title}` })),
      row(night, 'drift report'),
    ];
  } catch {
    return null; // shown again a second later; the result itself is awaited elsewhere
  }
}

const PHASES: NightProgress['phase'][] = ['canaries', 'paper', 'drift report', 'done'];

function row({ phase }: NightProgress, own: NightProgress['phase']): Row {
  const [at, of] = [phase, own].map((name) => PHASES.indexOf(name));
  return { title: own, state: of < at ? 'done' : of === at ? 'running' : 'waiting', ...PLAIN };
}

async function showNight(
  store: Store,
  night: NightResult,
  { folder, json }: { folder: string; json: boolean },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const [page, drift] = [join(folder, 'report.html'), join(folder, 'drift.md')];
  await writeFile(page, await store.get(night.report.html));
  await writeFile(drift, await store.get(night.drift.markdown));
  if (json) {
    console.log(JSON.stringify({ kind: 'result', result: night }));
    return;
  }
  const { differences, alert } = night.drift;
  const left = night.leftOut.length > 0 ? `, without ${night.leftOut.join(', ')}` : '';
  const differs = `${count(differences)} ${differences === 1 ? 'difference' : 'differences'}`;
  console.log(
    `\nThe night is ${night.state}${left}: ${differs} from the one before${alert ? ', an alert' : ''}.`,
  );
  console.log(`\nReport: ${page}\nDrift:  ${drift}`);
}

export const NIGHT_DISPLAY: Display<NightResult> = { rowsOf: nightRows, show: showNight };
