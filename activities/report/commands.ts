/** The exact commands that make an artifact again. */
import { WORKFLOW_OPTIONS } from '../contract.ts';
import { canonicalJson } from '../identity/identity.ts';

/** Whether this version has the workflow. */
export const exists = (workflow: string): workflow is keyof typeof WORKFLOW_OPTIONS =>
  Object.hasOwn(WORKFLOW_OPTIONS, workflow);

/** For npm and for Temporal's own command line; fields at their default are left out. */
export function commandsOf(
  { workflow, command }: { workflow: string; command: string },
  input: Record<string, unknown>,
): string[] {
  const changed = withoutDefaults(workflow, input);
  const given = Object.keys(changed).length > 0 ? ` --input ${quoted(JSON.stringify(changed))}` : '';
  return [
    `npm run ${command}${given && ` --${given}`}`,
    `temporal workflow start --task-queue rethinking --type ${workflow}${given}`,
  ];
}

function withoutDefaults(workflow: string, input: Record<string, unknown>): Record<string, unknown> {
  const defaults: Record<string, unknown> = exists(workflow) ? WORKFLOW_OPTIONS[workflow].parse({}) : {};
  return Object.fromEntries(
    Object.entries(input).filter(([field, value]) => canonicalJson(value) !== canonicalJson(defaults[field])),
  );
}

/** For a POSIX shell: nothing inside single quotes means anything, and a single quote itself is put outside them. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
