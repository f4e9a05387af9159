/** What a measuring process and this program say to each other, a line each: the process says `{"ready": …}` once,
 *  then answers every `run K` with the seconds that K steps took. */
import { z } from 'zod';

/** Steps whose losses prove that everybody trains the same network. */
export const PROOF_STEPS = 3;

/** setupSeconds: from the process's first line to a network with its weights; firstStepSeconds: from there to the
 *  end of the first step, compilation included. proof: the first three losses, the first image's logits, or the first
 *  coefficients of a kernel machine, whose residual ‖y − Kα‖ / ‖y‖ is there too. */
export const Ready = z.strictObject({
  variant: z.string(),
  versions: z.record(z.string(), z.string()),
  setupSeconds: z.number().nonnegative(),
  firstStepSeconds: z.number().nonnegative(),
  proof: z.array(z.number()),
  residual: z.number().optional(),
});
export type Ready = z.infer<typeof Ready>;

const Message = z.union([
  z.strictObject({ ready: Ready }),
  z.strictObject({ seconds: z.number().positive() }),
]);
export type Message = z.infer<typeof Message>;

export const encodeMessage = (message: Message) => `${JSON.stringify(message)}\n`;

/** Fails with the line itself when it is not the protocol's. */
export function parseMessage(line: string): Message {
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch {
    message = null;
  }
  const { success, data } = Message.safeParse(message);
  if (!success) throw new Error(`A measuring process said ${line}, expected {"ready": …} or {"seconds": …}.`);
  return data;
}

export const encodeRun = (steps: number) => `run ${steps}\n`;

export function parseRun(line: string): number {
  const [, steps] = /^run ([1-9]\d*)$/.exec(line) ?? [];
  if (steps === undefined)
    throw new Error(`A measuring process was told ${line}, expected run and a number.`);
  return Number(steps);
}
