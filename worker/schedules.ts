/** Schedules of our workflows: what is asked of them, what they are told, how they are described. */
import {
  type Client,
  ScheduleAlreadyRunning,
  type ScheduleClient,
  type ScheduleDescription,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type ScheduleSpec,
  WorkflowNotFoundError,
} from '@temporalio/client';
import type { WorkflowType } from '../activities/contract.ts';
import { Failure } from '../activities/failure/failure.ts';

export interface Timing {
  /** Five fields, as crontab has them. */
  cron?: string;
  /** `30m`, `6h`, `1d` */
  every?: string;
  /** `02:30`, every day */
  at?: string;
  timeZone: string;
}

const POLICIES = {
  // A night that is still running goes on; a second one would only wait for the same device.
  overlap: ScheduleOverlapPolicy.SKIP,
  // A machine that was off at night makes it up in the morning; one that was off for a week does not make seven.
  catchupWindow: '12 hours',
  // What failed for good tonight fails tomorrow: a person looks first.
  pauseOnFailure: true,
};

export async function createSchedule(
  schedules: ScheduleClient,
  {
    id,
    workflow,
    input,
    timing,
    note,
  }: { id: string; workflow: WorkflowType; input: object; timing: Timing; note?: string },
): Promise<void> {
  try {
    await schedules.create({
      scheduleId: id,
      spec: specOf(timing),
      action: {
        type: 'startWorkflow',
        workflowType: workflow,
        workflowId: id,
        taskQueue: 'rethinking',
        args: [input],
      },
      policies: POLICIES,
      ...(note && { state: { note } }),
    });
  } catch (error) {
    if (error instanceof ScheduleAlreadyRunning) {
      throw new Failure(
        'InvalidInput',
        `There is a schedule ${id} already: take another name, or delete it first.`,
      );
    }
    if (error instanceof Error && /spec/i.test(String(error.cause))) {
      throw new Failure('InvalidInput', `The times of ${id} cannot be meant: ${reasonOf(error)}.`);
    }
    throw error;
  }
}

/** The time zone is always said: where clocks change, a local 02:30 is missing one night a year and comes twice in another;
 *  UTC, the default, has every night once. Fails with InvalidInput. */
export function specOf({ cron, every, at, timeZone }: Timing): ScheduleSpec {
  if ([cron, every, at].filter((one) => one !== undefined).length !== 1) {
    throw new Failure('InvalidInput', 'When? Give one of --cron, --every and --at.');
  }
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    throw new Failure(
      'InvalidInput',
      `'${timeZone}' is not a time zone: take a name such as Europe/Zurich, or UTC.`,
    );
  }
  if (cron !== undefined) {
    if (cron.trim().split(/\s+/).length !== 5) {
      throw new Failure(
        'InvalidInput',
        `'${cron}' does not have the five fields of a crontab line, such as '30 2 * * *'.`,
      );
    }
    return { cronExpressions: [cron], timezone: timeZone };
  }
  if (every !== undefined) return { intervals: [{ every: milliseconds(every) }], timezone: timeZone };
  const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(at ?? '') ?? [];
  if (hour === undefined) throw new Failure('InvalidInput', `'${at}' is not a time of day, such as 02:30.`);
  return { calendars: [{ hour: Number(hour), minute: Number(minute) }], timezone: timeZone };
}

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

function milliseconds(text: string): number {
  const [, count, unit] = /^(\d+) *([mhd])$/.exec(text) ?? [];
  const length = Number(count) * UNITS[(unit ?? 'm') as keyof typeof UNITS];
  if (length > 0) return length;
  throw new Failure('InvalidInput', `'${text}' is not an interval, such as 30m, 6h or 1d.`);
}

/** One schedule as it stands. */
export interface ScheduleState {
  id: string;
  workflow: string;
  next: Date | null;
  /** The workflow id of the newest action and how it ended, with the reason where it failed. */
  last: { workflowId: string; status: string; reason: string | null } | null;
  taken: number;
  /** Times when the one before was still running. */
  skipped: number;
  /** Times when nobody could start it, for longer than the catch-up window. */
  missed: number;
  paused: boolean;
  note: string | null;
}

export async function listSchedules(client: Client): Promise<ScheduleState[]> {
  const states: ScheduleState[] = [];
  for await (const { scheduleId } of client.schedule.list()) {
    const described = await describeSchedule(client.schedule, scheduleId);
    states.push(await stateOf(client, described));
  }
  return states.sort((one, other) => (one.id < other.id ? -1 : 1));
}

export async function stateOf(client: Client, described: ScheduleDescription): Promise<ScheduleState> {
  const { scheduleId, action, state, info } = described;
  const newest = info.recentActions.at(-1)?.action.workflow;
  return {
    id: scheduleId,
    workflow: action.workflowType,
    next: state.paused ? null : (info.nextActionTimes[0] ?? null),
    last: newest ? await endOf(client, newest.workflowId) : null,
    taken: info.numActionsTaken,
    skipped: info.numActionsSkippedOverlap,
    missed: info.numActionsMissedCatchupWindow,
    paused: state.paused,
    note: state.note || null,
  };
}

async function endOf(client: Client, workflowId: string): Promise<ScheduleState['last']> {
  const handle = client.workflow.getHandle(workflowId);
  try {
    const { status } = await handle.describe();
    const failed = status.name !== 'RUNNING' && status.name !== 'COMPLETED';
    const reason = failed ? await handle.result().then(() => null, reasonOf) : null;
    return { workflowId, status: status.name.toLowerCase(), reason };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { workflowId, status: 'forgotten', reason: null }; // retention
    throw error;
  }
}

const reasonOf = (error: unknown): string =>
  error instanceof Error
    ? error.cause instanceof Error
      ? reasonOf(error.cause)
      : error.message
    : String(error);

/** Fails with InvalidInput where there is none. */
export async function describeSchedule(schedules: ScheduleClient, id: string): Promise<ScheduleDescription> {
  return found(id, () => schedules.getHandle(id).describe());
}

/** Does something with a schedule; fails with InvalidInput where there is none. */
export async function found<T>(id: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    throw new Failure('InvalidInput', `There is no schedule ${id}: \`npm run schedule -- list\` shows them.`);
  }
}

/** Like the schedule's own times: where the one before still runs, it is skipped. */
export const triggerSchedule = (schedules: ScheduleClient, id: string): Promise<void> =>
  found(id, () => schedules.getHandle(id).trigger(ScheduleOverlapPolicy.SKIP));

/** Every time between two dates, one after another: of a night that skipped the others, only the first would run. */
export async function backfillSchedule(
  schedules: ScheduleClient,
  id: string,
  { from, to }: { from: Date; to: Date },
): Promise<void> {
  if (!(from < to)) throw new Failure('InvalidInput', '--from has to lie before --to.');
  await found(id, () =>
    schedules.getHandle(id).backfill({ start: from, end: to, overlap: ScheduleOverlapPolicy.BUFFER_ALL }),
  );
}
