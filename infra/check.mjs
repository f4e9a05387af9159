/** `npm run check-infra`: lints and renders the chart, holds every manifest and the compose files to the schemas of what reads
 *  them, lints the images' files, and has Prometheus read the alerts, their tests and the dashboard's queries. `-- --record`
 *  renders anew what `npm test` looks at. Minutes the first time, since Go builds Helm and promtool; a quarter of a minute
 *  afterwards. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { installCheckers } from './check/checkers.mjs';
import { SetupFailure } from './setup/failure.mjs';
import { paths } from './setup/paths.mjs';

const [flag, ...others] = process.argv.slice(2);
if (others.length > 0 || (flag !== undefined && flag !== '--record')) {
  console.error(`check-infra takes --record, not ${process.argv.slice(2).join(' ')}.`);
  process.exit(2);
}
try {
  const checkers = await installCheckers(paths, process.stderr);
  const vitest = join(paths.modules, 'vitest', 'vitest.mjs');
  const { status } = spawnSync(
    process.execPath,
    [vitest, 'run', '--config', 'test/infra/check/vitest.config.ts'],
    {
      cwd: paths.root,
      stdio: 'inherit',
      env: { ...process.env, CHECKERS: JSON.stringify(checkers), RECORD: flag ? 'yes' : '' },
    },
  );
  process.exitCode = status ?? 1;
} catch (error) {
  if (!(error instanceof SetupFailure)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
