/** `npm run faults`: the order of things. A process of its own, in a namespace with a disk of its own where there can be
 *  one; `infra/faults.mjs` starts it. */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStatus } from '../../bench/status.ts';
import { mountDisk } from './disk.ts';
import { KINDS } from './kinds.ts';
import { OptionError, type Options, parseOptions, USAGE } from './options.ts';
import { markDescendants } from './processes.ts';
import { markdown, Report, repeatLine, struckSoFar } from './report.ts';
import { type Asked, type Round, runRound } from './round.ts';
import { schedule } from './schedule.ts';

const MOST_A_ROUND = 20; // then the figure ends, and what must hold is looked at
const NO_PROGRESS_LIMIT = 3; // rounds that end before a fault could strike say that something else is wrong

/** What `infra/faults.mjs` hands in. */
const {
  RETHINKING_HOME: root = process.cwd(),
  RETHINKING_TEMPORAL: temporal = '',
  RETHINKING_VERSITYGW: versitygw = '',
  RETHINKING_TOXIPROXY: toxiproxy,
  RETHINKING_COMMIT: commit = null,
  /** A folder that a disk of our own may be mounted on. */
  RETHINKING_DISK: disk,
} = process.env;

try {
  const options = parseOptions(process.argv.slice(2));
  if (options === 'help') console.log(USAGE);
  else process.exitCode = await runSuite(withoutWhatCannotBe(options));
} catch (error) {
  if (!(error instanceof OptionError)) throw error;
  console.error(`${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}
process.exit();

function withoutWhatCannotBe(options: Options): Options {
  if (disk || !options.kinds.some((kind) => KINDS[kind].needs === 'disk')) return options;
  console.error(
    'No disk is filled: this machine allows no mounts in a user namespace, or its tmpfs knows no extended attributes (Linux 6.6 does).',
  );
  const kinds = options.kinds.filter((kind) => KINDS[kind].needs !== 'disk');
  if (kinds.length === 0) throw new OptionError('No kind is left.');
  return { ...options, kinds };
}

/** @returns the exit code */
async function runSuite(options: Options): Promise<number> {
  const folder = disk ?? mkdtempSync(join(tmpdir(), 'rethinking-faults-'));
  if (disk) mountDisk(disk); // it ends with the namespace
  const mark = randomUUID();
  markDescendants(mark);
  process.once('exit', () => {
    if (!disk) rmSync(folder, { recursive: true, force: true });
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

  const out = options.out ?? join(root, 'results', 'faults');
  mkdirSync(out, { recursive: true });
  const status = createStatus(process.stderr);
  const { seed, faults: count, kinds, models } = options;
  const faults = schedule(seed, count, kinds);
  const input = { profile: 'smoke', dataset: 'procedural', models };
  const name = `seed-${seed}-${count}`;
  const round: StartRound = (number, rest) =>
    runRound({
      place: {
        folder,
        bucket: `round-${number}`,
        binaries: { temporal, versitygw, toxiproxy: toxiproxy ?? null },
        onEvent: () => {}, // what dies and comes back is what this is about
      },
      mark,
      workflowId: `figure1-${seed}-${number}`,
      input,
      ...rest,
    });

  const left = begun(join(out, `${name}.json`), options);
  if (left) console.error(`Going on after ${struckSoFar(left)} of ${count} faults.`);
  else status.at('an undisturbed Figure 1');
  const report = left ?? (await begin(options, round));
  if (report.undisturbed.violations.length > 0) {
    status.end();
    console.error(`Without any fault:\n${report.undisturbed.violations.join('\n')}`);
    return 1;
  }
  write(out, name, report);
  const { undisturbed } = report;
  for (let idle = 0; struckSoFar(report) < count && idle < NO_PROGRESS_LIMIT; ) {
    const number = report.rounds.length + 1;
    const before = struckSoFar(report);
    let struckHere = 0;
    const { struck, seconds, violations, watched } = await round(number, {
      faults: faults.slice(before, before + MOST_A_ROUND),
      undisturbed: undisturbed.digests,
      onFault: ({ kind }) =>
        status.at(`round ${number}, fault ${before + ++struckHere} of ${count}: ${kind}`),
    });
    idle = struck.length === 0 ? idle + 1 : 0;
    report.rounds.push({
      faults: struck.map(({ fault: { kind }, goesOnAfterMs }) => ({ kind, goesOnAfterMs })),
      seconds,
      violations,
      attempts: watched.attempts,
      stepsTwice: watched.stepsTwice,
    });
    write(out, name, report);
    console.error(
      `round ${number}: ${struck.length} faults, ${seconds.toFixed(0)} s, ${violations.length === 0 ? 'nothing lost' : violations.join('; ')}`,
    );
  }
  status.end();
  console.log(`${markdown(report)}\n${join(out, name)}.md (beside it JSON)`);
  const lost = report.rounds.some(({ violations }) => violations.length > 0);
  if (lost) console.error(`Something was lost; to repeat it: ${repeatLine(report)}`);
  if (struckSoFar(report) < count)
    console.error('Figure 1 ends before anything could strike: look at the schedule.');
  return lost || struckSoFar(report) < count ? 1 : 0;
}

type StartRound = (number: number, rest: Pick<Asked, 'faults' | 'undisturbed' | 'onFault'>) => Promise<Round>;

/** What every round is compared with. */
async function begin({ seed, faults, kinds, models }: Options, round: StartRound): Promise<Report> {
  const { digests, seconds, violations, watched } = await round(0, {
    faults: [],
    undisturbed: null,
    onFault: () => {},
  });
  return {
    ...{ seed, faults, kinds, models, commit },
    measuredAt: new Date().toISOString(),
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, load ${loadavg()[0]?.toFixed(1)}`,
    undisturbed: { seconds, violations, digests, attempts: watched.attempts },
    rounds: [],
  };
}

/** What an interrupted command of the same kind has left, made by the same code. */
function begun(file: string, { seed, faults, kinds, models }: Options): Report | null {
  if (!existsSync(file)) return null;
  const { success, data } = Report.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!success || struckSoFar(data) >= faults || data.rounds.some(({ violations }) => violations.length > 0))
    return null;
  const same = (report: Pick<Report, 'seed' | 'faults' | 'kinds' | 'models' | 'commit'>) =>
    JSON.stringify([report.seed, report.faults, report.kinds, report.models, report.commit]);
  return same(data) === same({ seed, faults, kinds, models, commit }) ? data : null;
}

function write(folder: string, name: string, report: Report): void {
  for (const [form, text] of [
    ['md', markdown(report)],
    ['json', `${JSON.stringify(report, null, 2)}\n`],
  ] as const) {
    const file = join(folder, `${name}.${form}`);
    writeFileSync(`${file}.part`, text);
    renameSync(`${file}.part`, file);
  }
}
