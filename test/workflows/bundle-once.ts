/** Bundles the workflows once for all tests that start servers: webpack takes seconds a time. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    workflowBundle: { codePath: string };
  }
}

export default async function bundleOnce({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'rethinking-bundle-'));
  const { code } = await bundleWorkflowCode({
    workflowsPath: new URL('../../workflows/index.ts', import.meta.url).pathname,
    logger: new DefaultLogger('WARN'),
  });
  const codePath = join(folder, 'workflows.js');
  await writeFile(codePath, code);
  provide('workflowBundle', { codePath });
  return () => rm(folder, { recursive: true });
}
