import { Command } from 'commander';
import { openSession } from '../session.ts';
import { untilInterrupted } from './interrupt.ts';

/** `npm run stack`: keeps the local stack and its workers up. */
export const stackCommand = () =>
  new Command('stack').description('Keep the local stack up: Temporal, S3 and workers').action(async () => {
    const session = await openSession((line) => console.log(line));
    if (!session.stack) {
      console.log(
        'TEMPORAL_ADDRESS and RETHINKING_BUCKET name your own services: there is no local stack to start.',
      );
    } else if (!session.owner) {
      console.log(`The local stack is up already: Temporal ${session.stack.temporal.address}.`);
    } else {
      const { temporal, s3 } = session.stack;
      console.log(
        [
          `Temporal   ${temporal.address}, web UI ${temporal.uiUrl}`,
          `S3         ${s3.endpoint}, bucket ${s3.bucket}`,
          'Try        npm run temporal -- workflow start --type reproduceFigure1 --task-queue rethinking',
          'Ctrl-C ends it; trainings checkpoint first and go on next time.',
        ].join('\n'),
      );
      await untilInterrupted();
      console.log('Stopping; trainings checkpoint first.');
    }
    await session.close();
  });
