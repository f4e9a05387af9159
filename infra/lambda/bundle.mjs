/** The workflows in one file beside the handler, or every cold start would pack them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';

const compiled = join(import.meta.dirname, 'dist');
const { code } = await bundleWorkflowCode({ workflowsPath: join(compiled, 'workflows', 'index.js') });
writeFileSync(join(compiled, 'infra', 'lambda', 'workflow-bundle.js'), code);
