/** A workflow's result, however long the Temporal server is away or hangs meanwhile: the work goes on without it, and the
 *  command that waits has no reason to end before. */
import { isGrpcServiceError, type WorkflowHandle } from '@temporalio/client';

// Of gRPC. The client's own retries last some ten seconds.
const DEADLINE_EXCEEDED = 4;
const UNAVAILABLE = 14;

/** Fails with what the workflow failed of, and with anything of the server's that is not about being away. */
export async function awaitResult<Result>(
  handle: Pick<WorkflowHandle<() => Promise<Result>>, 'result'>,
  askAgainMs: number,
): Promise<Result> {
  for (;;) {
    try {
      return await handle.result();
    } catch (error) {
      if (!isAway(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, askAgainMs));
    }
  }
}

function isAway(error: unknown): boolean {
  if (isGrpcServiceError(error)) return error.code === DEADLINE_EXCEEDED || error.code === UNAVAILABLE;
  return error instanceof Error && error.cause instanceof Error && isAway(error.cause);
}
