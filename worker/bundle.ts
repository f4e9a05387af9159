/** The workflow bundle, built once for each version of the workflow code and kept beside it: webpack takes seconds,
 *  a start must not. */
import { createHash } from 'node:crypto';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';

export async function workflowBundle(): Promise<{ codePath: string }> {
  const compiled = join(import.meta.dirname, '..');
  const workflows = join(compiled, 'workflows');
  const hash = createHash('sha256');
  for (const folder of ['workflows', 'activities/failure']) {
    for (const file of (await readdir(join(compiled, folder))).sort()) {
      if (file.endsWith('.js')) hash.update(file).update(await readFile(join(compiled, folder, file)));
    }
  }
  const name = `workflow-bundle-${hash.digest('hex').slice(0, 12)}.js`;
  const present = await readdir(compiled);
  const codePath = join(compiled, name);
  if (present.includes(name)) return { codePath };
  const { code } = await bundleWorkflowCode({ workflowsPath: join(workflows, 'index.js') });
  const partial = `${codePath}.${process.pid}`;
  await writeFile(partial, code);
  await rename(partial, codePath);
  for (const old of present)
    if (/^workflow-bundle-.*\.js$/.test(old)) await rm(join(compiled, old), { force: true });
  return { codePath };
}
