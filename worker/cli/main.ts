/** The command line. Exit codes: 0 done, 1 failed, 2 the request cannot be meant, 130 interrupted (and resumable). */
import { Command, CommanderError } from 'commander';
import { Failure } from '../../activities/failure/failure.ts';
import { readConfig } from '../config.ts';
import { NOT_TRACED, openTracing } from '../tracing/tracing.ts';
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
import { tensorboardCommand } from './tensorboard.ts';
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
  .addCommand(tensorboardCommand())
  .addCommand(scheduleCommand())
  .addCommand(driftCommand())
  .addCommand(stackCommand())
  .addCommand(temporalCommand());
for (const command of program.commands.flatMap((one) => [one, ...one.commands])) command.exitOverride();

let tracing = NOT_TRACED;
try {
  const subject = program.commands.find((command) => command.name() === process.argv[2]);
  tracing = await openTracing(readConfig(), 'rethinking', (problem) =>
    console.error(`Traces are lost: the collector does not take them (${problem}).`),
  );
  const span = { 'process.executable.name': 'rethinking', 'process.pid': process.pid };
  await tracing.span(`rethinking ${subject?.name() ?? ''}`.trim(), span, async () => {
    await program.parseAsync();
    tracing.describe({ 'process.exit.code': Number(process.exitCode ?? 0) });
  });
  await tracing.flush();
  process.exit();
} catch (error) {
  await tracing.flush();
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 2);
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(error instanceof Failure && error.type === 'InvalidInput' ? 2 : 1);
}
