/** The closed list of ways a step can fail for good. Temporal matches an activity's error by its name,
 *  so these names are what `workflows/options.ts` lists as non-retryable. Pure data: workflows import it. */
export const FINAL_FAILURES = [
  'InvalidInput', // what was asked for cannot be meant
  'DatasetUnavailable', // no source of the data set could be reached, or the source does not exist
  'DigestMismatch', // a source is not the file it should be
  'MalformedSource', // a source was read, and is not a data set
  'LossNotFinite', // the training diverged: a result, told apart from a crash
  'StoreRefused', // the store refuses the key, or lacks conditional writes
  'TrainingCancelled', // by a person, on purpose
  'NoProgress', // several attempts in a row ended without a new checkpoint
] as const;

/** Failures that a later attempt may survive. */
export const PASSING_FAILURES = [
  'StoreUnreachable',
  'SourceUnreachable', // the images' server does not answer; it may again
  'DiskFull', // room may be made
  'ObjectDamaged', // recomputed where it can be
  'Fenced', // a newer attempt owns the training
  'TrainerDied',
  'TrainingAbandoned', // nobody waited for it any more; whoever wants it starts it again
  'MemoryShort', // another worker may have it, or this one when others have ended
  'DeviceMissing', // no training takes the CPU instead; a worker that has its GPU goes on
  'AlertUndelivered', // the webhook may be up again
  'WorkerStopping', // checkpointed; another worker goes on
] as const;

export type FailureType = (typeof FINAL_FAILURES)[number] | (typeof PASSING_FAILURES)[number];

/** One sentence to a user: the fact, the expectation, the way out. */
export class Failure extends Error {
  readonly type: FailureType;

  constructor(type: FailureType, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = type;
    this.type = type;
  }
}
