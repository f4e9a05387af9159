/** Renderings of the chart, recorded by `npm run check-infra -- --record`: `npm test` looks at them without Helm. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

export const ROOT = join(import.meta.dirname, '..', '..', '..');
export const CHART = join(ROOT, 'infra', 'chart');
const VALUES = join(import.meta.dirname, 'values');

export const CASES = readdirSync(VALUES).map((file) => file.replace(/\.yaml$/, ''));
export const valuesOf = (name: string) => join(VALUES, `${name}.yaml`);
export const recordOf = (name: string) => join(import.meta.dirname, 'rendered', `${name}.yaml`);

/** Of the chart and one file of values: the first line of a record. */
export function digestOf(name: string): string {
  const hash = createHash('sha256');
  const files = readdirSync(CHART, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  for (const path of [...files.map((file) => join(file.parentPath, file.name)).sort(), valuesOf(name)]) {
    hash.update(path.slice(ROOT.length)).update(readFileSync(path));
  }
  return `# chart and values ${hash.digest('hex')}`;
}

const Texts = z.record(z.string(), z.string());

const Probe = z.looseObject({ exec: z.strictObject({ command: z.array(z.string()) }) });

/** What is looked at of a pod; Kubernetes' own schema is held by `npm run check-infra`. */
export const Pod = z.looseObject({
  automountServiceAccountToken: z.boolean(),
  terminationGracePeriodSeconds: z.number().optional(),
  restartPolicy: z.string().optional(),
  securityContext: z.looseObject({ runAsNonRoot: z.boolean(), runAsUser: z.number() }),
  containers: z.array(
    z.looseObject({
      image: z.string(),
      args: z.array(z.string()),
      env: z.array(
        z.strictObject({
          name: z.string(),
          value: z.string().optional(),
          valueFrom: z
            .strictObject({ secretKeyRef: z.strictObject({ name: z.string(), key: z.string() }) })
            .optional(),
        }),
      ),
      ports: z.array(z.strictObject({ name: z.string(), containerPort: z.number() })).optional(),
      securityContext: z.strictObject({
        allowPrivilegeEscalation: z.boolean(),
        readOnlyRootFilesystem: z.boolean(),
        capabilities: z.strictObject({ drop: z.array(z.string()) }),
      }),
      resources: z.looseObject({ requests: Texts, limits: Texts }),
      startupProbe: Probe.optional(),
      readinessProbe: Probe.optional(),
      livenessProbe: Probe.optional(),
      volumeMounts: z.array(z.looseObject({ mountPath: z.string(), readOnly: z.boolean().optional() })),
    }),
  ),
});
export type Pod = z.infer<typeof Pod>;

const Manifest = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), annotations: Texts.optional() }),
  spec: z.looseObject({}).optional(),
});
export type Manifest = z.infer<typeof Manifest>;

const WithTemplate = z.looseObject({ template: z.looseObject({ spec: Pod }) });
const WithJob = z.looseObject({ jobTargetRef: WithTemplate });

export const manifestsOf = (name: string): Manifest[] =>
  parseAllDocuments(readFileSync(recordOf(name), 'utf8'))
    .map((document): unknown => document.toJS())
    .filter((content) => content !== null)
    .map((content) => Manifest.parse(content));

/** The pods of every workload, under its name. */
export function podsOf(name: string): Map<string, Pod> {
  const pods = manifestsOf(name).flatMap(({ kind, metadata, spec }): [string, Pod][] => {
    if (kind === 'ScaledJob') return [[metadata.name, WithJob.parse(spec).jobTargetRef.template.spec]];
    return kind === 'Deployment' || kind === 'Job'
      ? [[metadata.name, WithTemplate.parse(spec).template.spec]]
      : [];
  });
  return new Map(pods);
}
