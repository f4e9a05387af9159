/** `npm run diff -- A B`: two runs, or two artifacts of the store (verdicts, figures, tables, reports). Only what differs. */
import { Command } from 'commander';
import { compareArtifacts } from '../../activities/comparison/artifacts.ts';
import { compareRuns } from '../../activities/comparison/runs.ts';
import { Failure } from '../../activities/failure/failure.ts';
import type { Store } from '../../activities/store/store.ts';
import { openLook } from '../session.ts';
import { artifactLines, runLines } from './diff-lines.ts';
import { findSubjects, type Subject } from './find.ts';

export const diffCommand = () =>
  new Command('diff')
    .description('Compare two runs, or two artifacts of the store: only what differs')
    .argument('<one>', 'an id, a key, a file copied from the store, or a name such as figure-1')
    .argument('<other>')
    .option('--json', 'one JSON object')
    .action(diff);

async function diff(oneName: string, otherName: string, { json = false }: { json?: boolean }): Promise<void> {
  const session = await openLook((line) => console.error(line));
  try {
    const { store } = session;
    const [one, other] = await findPair(store, oneName, otherName);
    if (one.kind === 'run' && other.kind === 'run') {
      const comparison = await compareRuns(store, [one, other]);
      console.log(
        json
          ? JSON.stringify({ kind: 'diff', of: 'runs', one: one.id, other: other.id, comparison })
          : runLines(one.id, other.id, comparison).join('\n'),
      );
    } else if (one.kind === 'artifact' && other.kind === 'artifact') {
      const comparison = await compareArtifacts(store, [one.folder, other.folder]);
      console.log(
        json
          ? JSON.stringify({
              kind: 'diff',
              of: 'artifacts',
              one: one.folder,
              other: other.folder,
              comparison,
            })
          : artifactLines(one.folder, other.folder, comparison).join('\n'),
      );
    }
  } finally {
    await session.close();
  }
}

/** Two of a kind: a name such as `table-4`, which means verdicts and a table, means what the other one is. */
async function findPair(store: Store, oneName: string, otherName: string): Promise<[Subject, Subject]> {
  const [ones, others] = [await findSubjects(store, oneName), await findSubjects(store, otherName)];
  const pairs = ones.flatMap((one) =>
    others.filter((other) => kindOf(other) === kindOf(one)).map((other): [Subject, Subject] => [one, other]),
  );
  const [pair] = pairs;
  if (!pair) {
    const [one, other] = [ones, others].map((subjects) => subjects.map(kindOf).join(', '));
    throw new Failure(
      'InvalidInput',
      `${oneName} is of ${one}, ${otherName} of ${other}: two of a kind are compared.`,
    );
  }
  if (pair[0].kind === 'run' && pairs.length > 1) {
    const ids = [...ones, ...others].map((subject) => (subject.kind === 'run' ? subject.id : subject.folder));
    throw new Failure('InvalidInput', `These are several runs: ${ids.join(', ')}; name one of each.`);
  }
  return pair;
}

/** `runs`, `figures/1a` */
const kindOf = (subject: Subject) =>
  subject.kind === 'run' ? 'runs' : subject.folder.slice(0, subject.folder.lastIndexOf('/'));
