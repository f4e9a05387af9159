import { ServiceError, WorkflowFailedError } from '@temporalio/client';
import { expect, test } from 'vitest';
import { awaitResult } from '../../../worker/cli/await-result.ts';

/** As the client throws it: gRPC's error is the cause. */
const answered = (code: number, details: string) =>
  new ServiceError('Failed to get Workflow execution history', {
    cause: Object.assign(new Error(details), { code, details, metadata: {} }),
  });

/** A handle whose answers are these, one after the other. */
function handleOf(...answers: (Error | string)[]) {
  let asked = 0;
  return {
    async result() {
      const answer = answers[asked++];
      if (answer instanceof Error) throw answer;
      return answer ?? '';
    },
  };
}

test('a server that hung or was away is asked again', async () => {
  const handle = handleOf(answered(4, 'context deadline exceeded'), answered(14, 'no connection'), 'done');
  expect(await awaitResult(handle, 0)).toBe('done');
});

test('what the server refuses is told at once', async () => {
  const refused = answered(7, 'permission denied');
  await expect(awaitResult(handleOf(refused, 'done'), 0)).rejects.toBe(refused);
});

test('what the workflow failed of is told, whatever it was caused by', async () => {
  const failed = new WorkflowFailedError('failed', new Error('a training'), 'NON_RETRYABLE_FAILURE');
  await expect(awaitResult(handleOf(failed, 'done'), 0)).rejects.toBe(failed);
});
