import { duration } from './cli/rows.ts';

/** How long it takes until the residual is at its goal, from how fast it has fallen since the first look; it falls
 *  geometrically, with bumps. Empty until it has fallen. */
export function timeLeft(goal: number): (residual: number, nowMs: number) => string {
  let first: { residual: number; nowMs: number } | null = null;
  return (residual, nowMs) => {
    first ??= { residual, nowMs };
    const fallen = Math.log(first.residual / residual);
    const left = Math.log(residual / goal);
    if (fallen <= 0 || left <= 0) return '';
    return `, about ${duration(((nowMs - first.nowMs) / 1000 / fallen) * left)} left`;
  };
}
