/** What a suite has seen, for people (Markdown) and for the next command, which goes on from it (JSON). */
import { z } from 'zod';
import { Cifar10Model } from '../../../activities/contract.ts';
import { ALL_KINDS, KINDS, type Kind } from './kinds.ts';

const SeenFault = z.object({ kind: z.enum(ALL_KINDS), goesOnAfterMs: z.number().nullable() });

const SeenRound = z.object({
  faults: z.array(SeenFault),
  seconds: z.number(),
  violations: z.array(z.string()),
  attempts: z.int(),
  stepsTwice: z.int(),
});
export type SeenRound = z.infer<typeof SeenRound>;

export const Report = z.object({
  seed: z.int(),
  faults: z.int(),
  kinds: z.array(z.enum(ALL_KINDS)),
  models: z.array(Cifar10Model),
  commit: z.string().nullable(),
  measuredAt: z.string(),
  machine: z.string(),
  undisturbed: z.object({
    seconds: z.number(),
    attempts: z.int(),
    violations: z.array(z.string()),
    digests: z.record(z.string(), z.string()),
  }),
  rounds: z.array(SeenRound),
});
export type Report = z.infer<typeof Report>;

export const struckSoFar = ({ rounds }: Pick<Report, 'rounds'>): number =>
  rounds.reduce((sum, { faults }) => sum + faults.length, 0);

/** A fault is survived when nothing was lost in its round. */
export function markdown(report: Report): string {
  const { seed, rounds, undisturbed, models, machine, measuredAt, commit } = report;
  const all = rounds.flatMap(({ faults, violations }) =>
    faults.map((fault) => ({ ...fault, survived: violations.length === 0 })),
  );
  const rows = report.kinds.map((kind) => {
    const of = all.filter((fault) => fault.kind === kind);
    const waits = of.flatMap(({ goesOnAfterMs }) => (goesOnAfterMs === null ? [] : [goesOnAfterMs / 1000]));
    const survived = of.filter((fault) => fault.survived).length;
    return `| \`${kind}\` | ${KINDS[kind].title} | ${of.length} | ${survived} | ${middle(waits)} | ${longest(waits)} |`;
  });
  const survived = all.filter((fault) => fault.survived).length;
  const lost = rounds.reduce((sum, { seconds }) => sum + seconds - undisturbed.seconds, 0);
  const sum = (field: 'attempts' | 'stepsTwice') => rounds.reduce((total, round) => total + round[field], 0);
  const violations = rounds.flatMap((round, index) =>
    round.violations.map((text) => `- round ${index + 1}: ${text}`),
  );
  return `${[
    `# ${all.length} faults in ${rounds.length} Figures 1: ${all.length - survived} not survived`,
    '',
    `Seed ${seed}; smoke profile, ${models.join(' and ')}, generated images. ${measuredAt.slice(0, 10)}, ${machine}${commit ? `, commit ${commit.slice(0, 12)}` : ''}.`,
    '',
    '| kind | what is done | injected | survived | work goes on after, median | longest |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
    `| all | | ${all.length} | ${survived} | | |`,
    '',
    `Undisturbed, Figure 1 takes ${undisturbed.seconds.toFixed(0)} s; ${rounds.length} of them with faults took ` +
      `${lost.toFixed(0)} s more, ${all.length ? (lost / all.length).toFixed(1) : 0} s a fault. ` +
      `${sum('attempts')} attempts at training where ${rounds.length * undisturbed.attempts} would have done; ` +
      `${sum('stepsTwice')} steps were seen to be taken twice.`,
    ...(violations.length ? ['', '## Lost', '', ...violations] : []),
  ].join('\n')}\n`;
}

function middle(values: number[]): string {
  const sorted = [...values].sort((one, other) => one - other);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return low === undefined || high === undefined ? '–' : seconds((low + high) / 2);
}
const longest = (values: number[]) => (values.length === 0 ? '–' : seconds(Math.max(...values)));
const seconds = (value: number) => `${value.toFixed(1)} s`;

export const repeatLine = ({ seed, faults, kinds, models }: Report): string =>
  [
    `npm run faults -- --seed ${seed} --faults ${faults}`,
    ...(kinds.length < ALL_KINDS.length ? [`--kinds ${kinds.join()}`] : []),
    `--models ${models.join()}`,
  ].join(' ');

export type { Kind };
