/** The command line of `npm run faults`. */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { Cifar10Model } from '../../../activities/contract.ts';
import { ALL_KINDS, isKind, KINDS, type Kind } from './kinds.ts';

export interface Options {
  seed: number;
  faults: number;
  kinds: Kind[];
  models: Cifar10Model[];
  /** Null for results/faults in the clone. */
  out: string | null;
}

const MODELS = 'mlp-1x512'; // AlexNet takes four times as long, Inception twenty times

export const USAGE = `npm run faults -- [options]

Makes Figure 1 of the smoke profile on generated images again and again while faults strike, and looks afterwards
whether anything was lost. Writes results/faults/; the same command goes on after an interruption. Exit code 1 when
anything was lost.

  --seed N        decides which faults come in which order (1)
  --faults N      how many (200)
  --kinds LIST    of them (all):
${ALL_KINDS.map((kind) => `                    ${kind.padEnd(18)} ${KINDS[kind].title}`).join('\n')}
  --models LIST   of Figure 1; the first one draws panel a (${MODELS})
  --out FOLDER    where the report goes to (results/faults)`;

/** What a person typed and cannot be meant. */
export class OptionError extends Error {}

export function parseOptions(args: string[]): Options | 'help' {
  const { values } = parse(args);
  if (values.help) return 'help';
  const names = values.kinds?.split(',') ?? ALL_KINDS;
  const unknown = names.find((name) => !isKind(name));
  if (unknown !== undefined)
    throw new OptionError(`--kinds has ${unknown}, expected some of ${ALL_KINDS.join(', ')}.`);
  const models = z.array(Cifar10Model).safeParse(values.models.split(','));
  if (!models.success) {
    throw new OptionError(
      `--models is ${values.models}, expected some of ${Cifar10Model.options.join(', ')}.`,
    );
  }
  return {
    seed: number('--seed', values.seed, 2 ** 32 - 1),
    faults: number('--faults', values.faults, 100_000),
    kinds: ALL_KINDS.filter((kind) => names.includes(kind)),
    models: models.data,
    out: values.out ?? null,
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        seed: { type: 'string', default: '1' },
        faults: { type: 'string', default: '200' },
        kinds: { type: 'string' },
        models: { type: 'string', default: MODELS },
        out: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new OptionError(error instanceof Error ? error.message : String(error));
  }
}

function number(option: string, text: string, most: number): number {
  const { success, data } = z.int().min(1).max(most).safeParse(Number(text));
  if (success) return data;
  throw new OptionError(`${option} is ${text}, expected a whole number from 1 to ${most}.`);
}
