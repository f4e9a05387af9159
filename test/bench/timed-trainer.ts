/** A trainer process as workers fork it, whose engine keeps the times of its calls. They are written to the file that
 *  the first argument names when the engine is let go, which is before the trainer's last word. */
import { writeFileSync } from 'node:fs';
import type { Engine } from '../../activities/training/engine.ts';
import { loadDevice } from '../../worker/load-device.ts';
import { serveTrainer } from '../../worker/serve-trainer.ts';
import type { Call } from './shares.ts';

const [, , file = ''] = process.argv;

serveTrainer(async (...given) => {
  const loaded = await loadDevice(...given);
  return { ...loaded, startEngine: async (...asked) => timed(await loaded.startEngine(...asked)) };
});

function timed(engine: Engine): Engine {
  const calls: Call[] = [];
  const during = async <T>(kind: Call['kind'], steps: number, work: () => Promise<T>): Promise<T> => {
    const start = performance.now() / 1000;
    const result = await work();
    calls.push({ kind, steps, start, end: performance.now() / 1000 });
    return result;
  };
  return {
    train: (steps) => during('steps', steps.length, () => engine.train(steps)),
    computeStatistics: (images) => during('evaluation', 0, () => engine.computeStatistics(images)),
    countRight: (split, images) => during('evaluation', 0, () => engine.countRight(split, images)),
    countAugmentedRight: (windowsOf) => during('evaluation', 0, () => engine.countAugmentedRight(windowsOf)),
    read: () => during('checkpoint', 0, () => engine.read()),
    dispose() {
      engine.dispose();
      writeFileSync(file, JSON.stringify(calls));
    },
  };
}
