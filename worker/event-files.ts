/** Event files of one run in a folder of its own, a new one each time that work goes on: TensorBoard reads them in the
 *  order of their names, and a kill leaves at most a last record that is cut short. */
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import {
  fileVersion,
  lastSteps,
  type Scalar,
  scalar,
  sessionStart,
} from '../activities/tensorboard/events.ts';

export interface EventFile {
  write(scalars: readonly Scalar[]): void;
  close(): void;
}

const NAME = /^events\.out\.tfevents\.(\d{10})\./;

const filesIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => NAME.test(name))
    .sort();

/** Of each tag the last step that the folder's files show; empty where there is none. */
export function shownSteps(folder: string): Map<string, number> {
  mkdirSync(folder, { recursive: true });
  return lastSteps(filesIn(folder).map((name) => readFileSync(join(folder, name))));
}

/** A new file; what earlier ones say of steps after `from` is taken back. wallTime: seconds since 1970. */
export function openEventFile(folder: string, from: number, wallTime: number): EventFile {
  mkdirSync(folder, { recursive: true });
  const before = filesIn(folder);
  const newest = Number(NAME.exec(before.at(-1) ?? '')?.[1] ?? 0);
  const second = String(Math.max(Math.floor(wallTime), newest + 1)).padStart(10, '0'); // after them by name
  const file = openSync(join(folder, `events.out.tfevents.${second}.${hostname()}.${process.pid}`), 'wx');
  writeSync(file, fileVersion(wallTime));
  if (before.length > 0) writeSync(file, sessionStart(wallTime, from + 1));
  return {
    write: (scalars) => void writeSync(file, Buffer.concat(scalars.map(scalar))),
    close: () => closeSync(file),
  };
}
