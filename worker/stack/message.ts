/** What the leash tells its parent. */
import { z } from 'zod';

export const LeashMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  /** Another leash owns the folder; this one ends. */
  z.object({ kind: z.literal('owned') }),
  /** The stack cannot start; this leash ends. */
  z.object({ kind: z.literal('failed'), message: z.string() }),
  z.object({ kind: z.literal('event'), line: z.string() }),
]);
export type LeashMessage = z.infer<typeof LeashMessage>;
