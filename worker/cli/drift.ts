/** `npm run drift`: the newest night's report. Exit codes for whoever watches: 0 nothing differs, 3 something does that
 *  rings no bell (a version), 4 an alert. */
import { Command } from 'commander';
import { DriftReport } from '../../activities/contract.ts';
import { Failure } from '../../activities/failure/failure.ts';
import type { Store } from '../../activities/store/store.ts';
import { attached } from '../session.ts';

export const DIFFERS = 3;
export const ALERT = 4;

export const driftCommand = (): Command =>
  new Command('drift')
    .description(
      'Show what of the newest night differs from the one before; exit code 0 nothing, 3 something, 4 an alert',
    )
    .option('--json', 'for machines')
    .action(({ json }: { json?: boolean }) =>
      attached(async ({ store }) => {
        const { report, markdown, text } = await newestDrift(store);
        process.stdout.write(json ? `${JSON.stringify(report)}\n` : text);
        if (!json) console.log(`\n${markdown}`);
        process.exitCode = exitCodeOf(report);
      }),
    );

export const exitCodeOf = ({ alert, differences }: DriftReport): number =>
  alert ? ALERT : differences.length > 0 ? DIFFERS : 0;

/** The newest night of all series. */
export async function newestDrift(
  store: Store,
): Promise<{ report: DriftReport; markdown: string; text: string }> {
  let newest: { report: DriftReport; key: string } | undefined;
  for await (const { key } of store.list('drift/')) {
    if (!key.endsWith('/drift.json')) continue;
    const report = DriftReport.parse(JSON.parse(String(await read(store, key))));
    if (!newest || report.night > newest.report.night) newest = { report, key };
  }
  if (!newest) {
    throw new Failure(
      'InvalidInput',
      'No night has ended yet: `npm run schedule -- create nightly --at 02:30`, then `npm run schedule -- trigger nightly`.',
    );
  }
  const markdown = newest.key.replace(/json$/, 'md');
  return { report: newest.report, markdown, text: String(await read(store, markdown)) };
}

async function read(store: Store, key: string): Promise<Buffer> {
  const ref = await store.head(key);
  if (ref) return store.get(ref);
  throw new Failure('ObjectDamaged', `${key} is gone from the store: the next night writes another.`);
}
