/** Refuses an input that no schema needs to see. The server takes 2 MB, in which lists can be nested a million deep: what
 *  walks them recursively, as the payload converter does on the way to the first activity, would overflow its stack, and
 *  the workflow task would be tried again for ever. */
import { ApplicationFailure } from '@temporalio/workflow';

const DEPTH = 16; // a planned run is five deep
const VALUES = 4096; // a grid of a thousand seeds, and every option beside it
const CHARACTERS = 65_536; // addresses of shards are the longest texts

/** The input as it is. Fails with InvalidInput, before anything was done with it. */
export function bounded(input: unknown): unknown {
  let values = 0;
  let characters = 0;
  let level = [input];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEPTH) throw refused(`is nested more than ${DEPTH} levels deep`);
    values += level.length;
    if (values > VALUES) throw refused(`has more than ${VALUES} values`);
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value === 'string') characters += value.length;
      if (typeof value !== 'object' || value === null) continue;
      for (const [key, inner] of Object.entries(value)) {
        characters += key.length;
        next.push(inner);
      }
    }
    if (characters > CHARACTERS) throw refused(`has more than ${CHARACTERS} characters of text`);
    level = next;
  }
  return input;
}

const refused = (fact: string) =>
  ApplicationFailure.nonRetryable(
    `The input ${fact}: expected the options that README lists, which are far smaller.`,
    'InvalidInput',
  );
