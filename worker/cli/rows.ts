/** Progress as text: one line a training. */
import type { TrainingProgress } from '../../activities/contract.ts';
import type { ReproductionProgress } from '../../workflows/train-grid.ts';

export interface Row {
  title: string;
  state: ReproductionProgress['runs'][number]['state'] | 'reading' | 'running' | 'done';
  progress: TrainingProgress | null;
  /** By what, where it is. */
  paused: string | null;
  /** What the last attempt died of; the next one is on its way. */
  trouble: string | null;
}

const BAR_WIDTH = 10;
const MARK: Record<Row['state'], string> = {
  reading: '▸',
  running: '▸',
  done: '✓',
  waiting: '·',
  stored: '✓',
  trained: '✓',
  failed: '✗',
};

/** All rows, cut to the terminal's width. */
export const renderRows = (rows: Row[], columns: number) =>
  rows.map((row) => renderRow(row).slice(0, columns - 1)).join('\n');

export const renderPlain = (row: Row) =>
  isMoving(row) ? `${row.title}: ${numbers(row.progress)}` : `${row.title}${word(row)}`;

const isMoving = (row: Row): row is Row & { progress: TrainingProgress } =>
  row.progress !== null && !row.trouble && !row.paused;

function renderRow(row: Row): string {
  if (!isMoving(row)) return `${row.paused ? '‖' : MARK[row.state]} ${row.title}${word(row)}`;
  const filled = Math.round((BAR_WIDTH * row.progress.step) / row.progress.steps);
  return `▸ ${row.title} ${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${numbers(row.progress)}`;
}

const word = ({ state, trouble, paused, progress }: Row) =>
  paused
    ? `: paused${progress ? ` at step ${progress.step} of ${progress.steps}` : ''} by ${paused}`
    : state === 'reading' || state === 'running'
      ? ''
      : state === 'stored'
        ? ': from the store'
        : `: ${state}${trouble ? ` (${trouble})` : ''}`;

function numbers({ step, steps, loss, stepsPerSecond, trainAccuracyPercent }: TrainingProgress): string {
  const parts = [`step ${step}/${steps}`];
  if (loss !== null) parts.push(`loss ${loss.toPrecision(3)}`);
  if (trainAccuracyPercent !== null) parts.push(`train ${trainAccuracyPercent.toFixed(1)} %`);
  if (stepsPerSecond) {
    parts.push(`${rate(stepsPerSecond)} steps/s`, `≤ ${duration((steps - step) / stepsPerSecond)} left`);
  }
  return parts.join(', ');
}

/** Steps a second. */
export const rate = (perSecond: number) => (perSecond < 10 ? perSecond.toPrecision(2) : perSecond.toFixed(0));

/** Seconds as people say them. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return seconds < 48 * 3600 ? `${(seconds / 3600).toFixed(1)} h` : `${(seconds / 86_400).toFixed(1)} days`;
}
