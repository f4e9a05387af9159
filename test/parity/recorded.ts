/** PyTorch's float64 results in a small file, and the distance of ours from them: the comparison without PyTorch. */
import { z } from 'zod';
import type { NamedArrays } from '../../activities/tensorflow/named-arrays.ts';
import type { Subject } from './case.ts';
import { type Difference, differences, largestDifference } from './compare.ts';
import { Sketch, sketch, sketchDistance } from './sketch.ts';

/** Logits and losses whole, of everything else sketches. */
const Digest = z.record(z.string(), z.union([z.array(z.number()), Sketch]));
export type Digest = z.infer<typeof Digest>;

/** given: the case that the results are of. */
const Recorded = z.strictObject({
  versions: z.record(z.string(), z.string()),
  given: Digest,
  results: Digest,
});
export type Recorded = z.infer<typeof Recorded>;

/** Of a network as large as Inception V3 no weights after steps, and nothing with weight decay. */
export const toRecord = (subject: Subject, results: NamedArrays): NamedArrays =>
  subject === 'inception-v3'
    ? Object.fromEntries(
        Object.entries(results).filter(([name]) => !/^(decayed-|weights|momenta)/.test(name)),
      )
    : results;

export const digest = (arrays: NamedArrays): Digest =>
  Object.fromEntries(
    Object.entries(arrays).map(([name, { data }]) => [
      name,
      /^(decayed-)?(logits|logits-in-evaluation|loss|losses)$/.test(name) ? [...data] : sketch(data),
    ]),
  );

/** Of a sketch the distance is estimated, relative to the norm; of the rest the largest difference, to the largest
 *  value. */
export function distances(found: Digest, expected: Digest): Difference[] {
  return differences(found, expected, (ours, theirs) => {
    if (Array.isArray(ours) && Array.isArray(theirs)) return largestDifference(ours, theirs);
    return sketchDistance(Sketch.parse(ours), Sketch.parse(theirs));
  });
}

const FIGURES = 9; // more than float32 has

/** A tensor a line, so that what changed shows. */
export function encodeRecorded({ versions, given, results }: Recorded): string {
  const short = (_: string, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(FIGURES)) : value;
  const lines = (part: Digest) =>
    Object.entries(part).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value, short)}`);
  const block = (part: Digest) => `{\n${lines(part).join(',\n')}\n}`;
  return `{"versions": ${JSON.stringify(versions)},\n"given": ${block(given)},\n"results": ${block(results)}}\n`;
}

export const parseRecorded = (text: string): Recorded => Recorded.parse(JSON.parse(text));
