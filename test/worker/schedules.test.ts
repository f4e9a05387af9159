/** When a schedule runs, and what cannot be meant; that it runs is test/workflows/nightly.test.ts. */
import { expect, test } from 'vitest';
import { specOf } from '../../worker/schedules.ts';

const timeZone = 'UTC';

test('a cron line, an interval and a time of day become what the server understands, with their time zone', () => {
  expect(specOf({ cron: '30 2 * * 1-5', timeZone: 'Europe/Zurich' })).toEqual({
    cronExpressions: ['30 2 * * 1-5'],
    timezone: 'Europe/Zurich',
  });
  expect(specOf({ every: '6h', timeZone })).toEqual({ intervals: [{ every: 21_600_000 }], timezone: 'UTC' });
  expect(specOf({ at: '02:30', timeZone })).toEqual({
    calendars: [{ hour: 2, minute: 30 }],
    timezone: 'UTC',
  });
});

test.each([
  [{ timeZone }, 'Give one of --cron, --every and --at.'],
  [{ at: '02:30', every: '1d', timeZone }, 'Give one of --cron, --every and --at.'],
  [{ at: '25:00', timeZone }, "'25:00' is not a time of day, such as 02:30."],
  [{ every: 'often', timeZone }, "'often' is not an interval, such as 30m, 6h or 1d."],
  [{ every: '5 months', timeZone }, "'5 months' is not an interval, such as 30m, 6h or 1d."],
  [{ cron: '@nightly', timeZone }, 'does not have the five fields of a crontab line'],
  [{ at: '02:30', timeZone: 'Zürich' }, "'Zürich' is not a time zone"],
])('%o is refused with the way out', (timing, sentence) => {
  expect(() => specOf(timing)).toThrow(sentence);
});
