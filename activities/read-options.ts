import type { z } from 'zod';
import {
  type Activities,
  type Limits,
  type PlannedRun,
  TrainNetworkOptions,
  WORKFLOW_OPTIONS,
  type WorkflowType,
} from './contract.ts';
import { Failure } from './failure/failure.ts';
import { planRun } from './identity/run-id.ts';

/** Validates a workflow's input, every bad field at once, before anything runs. */
export function createReadOptions({ limits }: { limits: Limits }): Activities['readOptions'] {
  return async ({ workflow, input }) => {
    const options = parseOptions(workflow, input);
    const planned = workflow === 'trainNetwork' ? TrainNetworkOptions.parse(options).planned : undefined;
    if (planned) expectOwnIds(planned);
    return { options, limits };
  };
}

/** The options of a workflow with their defaults; fails with InvalidInput naming every bad field. */
export function parseOptions<T extends WorkflowType>(
  workflow: T,
  input: unknown,
): z.infer<(typeof WORKFLOW_OPTIONS)[T]> {
  const schema: z.ZodType = WORKFLOW_OPTIONS[workflow];
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data as z.infer<(typeof WORKFLOW_OPTIONS)[T]>;
  const problems = parsed.error.issues.map((issue) => sentence(issue, input));
  throw new Failure('InvalidInput', `${workflow} cannot run with this input: ${problems.join('; ')}.`);
}

/** Ids name the store's folders: a run under another one's would answer for it for ever. */
function expectOwnIds({ id, trajectoryId, run }: PlannedRun): void {
  const own = planRun(run.trajectory.dataset, run);
  if (own.id === id && own.trajectoryId === trajectoryId) return;
  throw new Failure(
    'InvalidInput',
    `trainNetwork cannot run with this input: planned.id ${id} is not the id of planned.run, which is ${own.id}; leave planned out and give the options.`,
  );
}

function sentence(issue: z.core.$ZodIssue, input: unknown): string {
  const where = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const fields = issue.keys.map((key) => [...issue.path, key].join('.'));
    return `${fields.join(', ')}: no such field`;
  }
  const given = issue.path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    input,
  );
  const value = given === undefined ? '' : ` ${JSON.stringify(given)}`;
  switch (issue.code) {
    case 'invalid_value':
      return `${where}${value} is none of ${issue.values.join(', ')}`;
    case 'too_big':
      return `${where}${value} is above ${issue.maximum}`;
    case 'too_small':
      return issue.origin === 'array' ? `${where} is empty` : `${where}${value} is below ${issue.minimum}`;
    case 'invalid_type':
      return `${where || 'the input'}${value} is not of type ${issue.expected}`;
    default:
      return `${where}${value}: ${issue.message}`;
  }
}
