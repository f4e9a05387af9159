/** The command line of `npm run bench`. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { FACTORED_POINTS } from '../../activities/kernel/method.ts';
import { Measurement, Model } from './job.ts';
import { VARIANTS, type Variant } from './variants.ts';

export interface Options {
  models: Model[];
  tasks: Measurement[];
  variants: Variant[];
  rounds: number;
  turnSeconds: number;
  threads: number;
  /** Of the kernel system. */
  points: number;
}

export const USAGE = `npm run bench -- [options]

Times ours against PyTorch, Keras/TensorFlow, JAX and SciPy on the CPU, and writes results/bench/.

  --models LIST         of ${Model.options.join(',')} (all)
  --tasks LIST          of ${Measurement.options.join(',')} (all); a segment is one of a whole training of ours,
                        and what it does besides its steps; kernel is a kernel system of Table 3 against
                        SciPy's; theorem is Theorem 1 beside reading its data, of ours alone
  --variants LIST       of ${VARIANTS.map(({ name }) => name).join(',')}
                        (all); ours of the same precision is always there
  --rounds N            of each pair (5)
  --turn-seconds S      of each process in a round (2)
  --threads N           for everybody (all cores)
  --points N            of the kernel system (10000); above ${FACTORED_POINTS} ours alone, killed on the way and
                        gone on with: minutes, memory, residual, errors`;

export function parseOptions(args: string[]): Options | 'help' {
  const { values } = parseArgs({
    args,
    options: {
      models: { type: 'string', default: Model.options.join() },
      tasks: { type: 'string', default: Measurement.options.join() },
      variants: { type: 'string', default: VARIANTS.map(({ name }) => name).join() },
      rounds: { type: 'string', default: '5' },
      'turn-seconds': { type: 'string', default: '2' },
      points: { type: 'string', default: '10000' },
      threads: { type: 'string', default: String(availableParallelism()) },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const names = VARIANTS.map(({ name }) => name);
  const wanted = list(values.variants, z.enum(names), '--variants');
  return {
    models: list(values.models, Model, '--models'),
    tasks: list(values.tasks, Measurement, '--tasks'),
    variants: VARIANTS.filter(({ name }) => wanted.includes(name)),
    rounds: number(values.rounds, z.int().min(1), '--rounds'),
    turnSeconds: number(values['turn-seconds'], z.number().positive(), '--turn-seconds'),
    points: number(values.points, z.int().min(10), '--points'),
    threads: number(values.threads, z.int().min(1).max(availableParallelism()), '--threads'),
  };
}

/** What a person typed and cannot be meant. */
export class OptionError extends Error {}

function list<T extends string>(text: string, of: z.ZodEnum<Record<string, T>>, option: string): T[] {
  return text.split(',').map((name) => {
    const { success, data } = of.safeParse(name);
    if (success) return data;
    throw new OptionError(`${option} has ${name}, expected some of ${of.options.join(', ')}.`);
  });
}

function number(text: string, of: z.ZodNumber, option: string): number {
  const { success, data, error } = of.safeParse(Number(text));
  if (success) return data;
  throw new OptionError(`${option} is ${text}: ${error.issues[0]?.message}.`);
}
