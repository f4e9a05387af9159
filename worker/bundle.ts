/** The workflow bundle, built once for each version of the workflow code and kept beside it: webpack takes seconds,
 *  a start must not. */
import { createHash } from 'node:crypto';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { bundleWorkflowCode, type Logger } from '@temporalio/worker';

/** traced: with interceptors, which change no command. */
export async function workflowBundle({
  traced = false,
  logger,
}: {
  traced?: boolean;
  logger?: Logger;
} = {}): Promise<{ codePath: string }> {
  const compiled = join(import.meta.dirname, '..');
  const workflows = join(compiled, 'workflows');
  const hash = createHash('sha256');
  for (const folder of ['workflows', 'activities/failure', ...(traced ? ['worker/tracing'] : [])]) {
    for (const file of (await readdir(join(compiled, folder))).sort()) {
      if (file.endsWith('.js')) hash.update(file).update(await readFile(join(compiled, folder, file)));
    }
  }
  const kind = traced ? 'workflow-bundle-traced' : 'workflow-bundle';
  const name = `${kind}-${hash.digest('hex').slice(0, 12)}.js`;
  const present = await readdir(compiled);
  const codePath = join(compiled, name);
  if (present.includes(name)) return { codePath };
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(workflows, 'index.js'),
    logger,
    workflowInterceptorModules: traced ? tracingInterceptors() : [],
  });
  const partial = `${codePath}.${process.pid}`;
  await writeFile(partial, code);
  await rename(partial, codePath);
  for (const old of present)
    if (new RegExp(`^${kind}-[0-9a-f]{12}\\.js$`).test(old)) await rm(join(compiled, old), { force: true });
  return { codePath };
}

/** Compiled or not, as this file is. */
export const tracingInterceptors = (): string[] => [
  join(import.meta.dirname, 'tracing', `in-workflows${extname(import.meta.filename)}`),
];
