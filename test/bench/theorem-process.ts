/** One sample for theorem.ts, in a process of its own, so that its memory is its own: reading the data (the projection,
 *  which no construction can leave out) and the whole construction with its check, in turns. What it measured as a line
 *  of JSON. */
import { readFileSync } from 'node:fs';
import { stream } from '../../activities/random/stream.ts';
import { generatedPoints } from '../../activities/theory/generated-points.ts';
import { drawProjection, project } from '../../activities/theory/projection.ts';
import { type Sample, sampleOf } from '../../activities/theory/sample.ts';
import { buildTheorem1 } from '../../activities/theory/theorem-1.ts';
import { TheoremTask, type TheoremTimes } from './theorem.ts';

const { points: n, held, rounds } = TheoremTask.parse(JSON.parse(process.argv[2] ?? ''));
const d = 3072; // 32·32·3
const generated = generatedPoints({ n, d, draw: stream(1, 'generated-points') });
const sample = held ? sampleOf(bytesOf(generated), d) : generated;
const draw = () => stream(1, 'projection');
const { below } = stream(1, 'label-corruption');
const labels = Uint8Array.from({ length: n }, () => below(10));

const times: Pick<TheoremTimes, 'reading' | 'construction'> = { reading: [], construction: [] };
const turns = {
  reading: () => project(sample, drawProjection('integers-53', sample, draw())),
  construction: () => buildTheorem1({ sample, labels, projection: 'integers-53', draw: draw() }),
};
const names = ['reading', 'construction'] as const;
for (const name of names) await turns[name](); // compiles
for (let round = 0; round < rounds; round++) {
  for (const name of round % 2 === 0 ? names : names.toReversed()) {
    const started = performance.now();
    await turns[name]();
    times[name].push((performance.now() - started) / 1000);
  }
}
const { largestError } = await turns.construction();
const peak = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
const measured: TheoremTimes = {
  ...{ points: n, dimensions: d, held, ...times },
  largestError: largestError.float64,
  peakBytes: peak === undefined ? null : Number(peak) * 1024,
};
console.log(JSON.stringify(measured));

function bytesOf({ blocks }: Sample): Uint8Array {
  const bytes = new Uint8Array(n * d);
  let at = 0;
  for (const block of blocks() as Iterable<Uint8Array>) {
    bytes.set(block, at);
    at += block.length;
  }
  return bytes;
}
