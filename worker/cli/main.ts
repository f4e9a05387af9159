/** The command line. Exit codes: 0 done, 1 failed, 2 the request cannot be meant, 130 interrupted (and resumable). */
import { Command, CommanderError } from 'commander';
import { Failure } from '../../activities/failure/failure.ts';
import { artifactCommand } from './artifact.ts';
import { ARTIFACTS } from './artifacts.ts';
import { cancelCommand, moveCommand, pauseCommand, resumeCommand } from './control.ts';
import { diffCommand } from './diff.ts';
import { driftCommand } from './drift.ts';
import { gcCommand } from './gc.ts';
import { paperCommand } from './paper.ts';
import { planCommand } from './plan.ts';
import { scheduleCommand } from './schedule.ts';
import { stackCommand } from './stack.ts';
import { statusCommand, watchCommand } from './status.ts';
import { temporalCommand } from './temporal.ts';
import { whyCommand } from './why.ts';

const program = new Command('rethinking')
  .description('Reproduces "Understanding deep learning requires rethinking generalization" (ICLR 2017)')
  .exitOverride();
for (const artifact of ARTIFACTS) program.addCommand(artifactCommand(artifact));
program
  .addCommand(paperCommand())
  .addCommand(planCommand())
  .addCommand(statusCommand())
  .addCommand(watchCommand())
  .addCommand(pauseCommand())
  .addCommand(resumeCommand())
  .addCommand(moveCommand())
  .addCommand(cancelCommand())
  .addCommand(whyCommand())
  .addCommand(diffCommand())
  .addCommand(gcCommand())
  .addCommand(scheduleCommand())
  .addCommand(driftCommand())
  .addCommand(stackCommand())
  .addCommand(temporalCommand());
for (const command of program.commands.flatMap((one) => [one, ...one.commands])) command.exitOverride();

try {
  await program.parseAsync();
  process.exit();
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 2);
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(error instanceof Failure && error.type === 'InvalidInput' ? 2 : 1);
}
