/** What Temporal itself holds: `temporal activity pause` makes no event, so that no workflow knows of it; its description
 *  does. */
import type { WorkflowExecutionDescription } from '@temporalio/client';

export function activityPause({ raw }: Pick<WorkflowExecutionDescription, 'raw'>): {
  activityId: string;
  by: string;
} | null {
  const paused = raw.pendingActivities?.find((activity) => activity.paused);
  if (!paused) return null;
  const { manual, rule } = paused.pauseInfo ?? {};
  const who = manual ? [manual.identity, manual.reason].filter(Boolean).join(': ') : `rule ${rule?.ruleId}`;
  return { activityId: paused.activityId ?? '', by: `temporal activity pause (${who})` };
}
