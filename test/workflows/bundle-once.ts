/** The bundle of the workflows that the compiled workers run too, made before any of them asks for it: webpack takes
 *  seconds a time. */
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    workflowBundle: { codePath: string };
    tracedWorkflowBundle: { codePath: string };
  }
}

export default async function bundleOnce({ provide }: TestProject): Promise<void> {
  const compiled = new URL('../../dist/worker/bundle.js', import.meta.url).href;
  const { workflowBundle }: typeof import('../../worker/bundle.ts') = await import(compiled);
  provide('workflowBundle', await workflowBundle());
  provide('tracedWorkflowBundle', await workflowBundle({ traced: true }));
}
