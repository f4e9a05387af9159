/** The programs that `npm run check-infra` brings. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';

const ROOT = join(import.meta.dirname, '..', '..', '..');

export const checkers = z
  .strictObject({
    helm: z.string(),
    promtool: z.string(),
    python: z.string(),
    hadolint: z.string(),
    keda: z.string(),
    compose: z.string(),
  })
  .parse(JSON.parse(process.env.CHECKERS ?? '{}'));

/** What it says, after `failed: ` when it ends with an error. */
export function run(command: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: ROOT, encoding: 'utf8' });
  return status === 0 ? stdout : `failed: ${stdout}${stderr}`;
}
