import { Command } from 'commander';
import { openSession, type Session } from '../session.ts';
import { untilInterrupted } from './interrupt.ts';

/** `npm run stack`: keeps the local stack and its workers up. */
export const stackCommand = () =>
  new Command('stack').description('Keep the local stack up: Temporal, S3 and workers').action(async () => {
    const session = await openSession((line) => console.log(line));
    try {
      await keepUp(session);
    } finally {
      await session.close();
    }
  });

async function keepUp({ stack, owner, refused }: Session): Promise<void> {
  if (!stack) {
    console.log(
      'TEMPORAL_ADDRESS and RETHINKING_BUCKET name your own services: there is no local stack to start.',
    );
    return;
  }
  if (!owner) {
    console.log(`The local stack is up already: Temporal ${stack.temporal.address}.`);
    return;
  }
  const { temporal, s3 } = stack;
  console.log(
    [
      `Temporal   ${temporal.address}, web UI ${temporal.uiUrl}`,
      `S3         ${s3.endpoint}, bucket ${s3.bucket}`,
      'Try        npm run temporal -- workflow start --type reproduceFigure1 --task-queue rethinking',
      'Ctrl-C ends it; trainings checkpoint first and go on next time.',
    ].join('\n'),
  );
  await Promise.race([untilInterrupted(), refused]);
  console.log('Stopping; trainings checkpoint first.');
}
