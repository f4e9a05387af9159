/** `npm run record-recipe`: records what today's recipe computes on this backend. It replaces no numbers: others on the
 *  same backend need another recipe. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadTensorFlow } from '../../activities/tensorflow/load.ts';
import { numericsOf } from '../../worker/numerics.ts';
import { CASES, type Golden, goldenFile, type Numbers, numbersOf, recordedFor } from './trainings.ts';

test('the recipe is recorded', async () => {
  const { tf, device, version } = loadTensorFlow();
  const on = numericsOf({ device, version });
  const trainings: Record<string, Numbers> = {};
  for (const name of Object.keys(CASES)) trainings[name] = await numbersOf(tf, name);

  const golden: Golden = existsSync(goldenFile)
    ? JSON.parse(readFileSync(goldenFile, 'utf8'))
    : { backends: [] };
  const before = golden.backends.length > 0 ? recordedFor(golden, on) : null;
  if (before?.exact) {
    const known = Object.keys(before.trainings);
    expect(
      Object.fromEntries(known.map((name) => [name, trainings[name]])),
      'these numbers are another recipe’s: raise `recipe` in Trajectory first',
    ).toEqual(before.trainings);
    Object.assign(before.trainings, trainings);
  } else {
    golden.backends.push({ on, trainings });
  }
  writeFileSync(goldenFile, `${JSON.stringify(golden, null, 2)}\n`);
}, 300_000);
