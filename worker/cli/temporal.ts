import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Command } from 'commander';
import { Failure } from '../../activities/failure/failure.ts';
import { attachSession } from '../session.ts';

/** `npm run temporal -- …`: the installed `temporal`, pointed at the local stack that runs (or at your own server). */
export const temporalCommand = () =>
  new Command('temporal')
    .description('Run the temporal command line against the local stack')
    .allowUnknownOption()
    .helpOption(false)
    .argument('[args...]')
    .action(async (args: string[]) => {
      const { config, close } = await attachSession(); // also points our environment at the stack
      await close();
      if (!config.RETHINKING_TEMPORAL) {
        throw new Failure(
          'InvalidInput',
          'The temporal command is not installed: run `npm run setup` first.',
        );
      }
      const child = spawn(config.RETHINKING_TEMPORAL, args, { stdio: 'inherit' });
      const [code] = await once(child, 'exit');
      process.exitCode = code ?? 1;
    });
