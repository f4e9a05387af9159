/** What a stack's folder says about the stack: `stack.json` (ports and processes, no secret), `credentials.json`
 *  (0600) and where everything else lies. */
import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

export const layout = (folder: string) => ({
  record: join(folder, 'stack.json'),
  credentials: join(folder, 'credentials.json'),
  lock: join(folder, 'leash.pid'),
  database: join(folder, 'temporal.db'),
  objects: join(folder, 's3', 'objects'),
  versions: join(folder, 's3', 'versions'),
  iam: join(folder, 's3', 'iam'),
  logs: join(folder, 'logs'),
});

const Port = z.int().min(1).max(65_535);

export const Ports = z.strictObject({ temporal: Port, ui: Port, s3: Port });
export type Ports = z.infer<typeof Ports>;

const StackRecord = z.strictObject({
  /** The process that owns the servers. */
  leash: z.int(),
  ports: Ports,
  /** Whether its command only looks: there are no workers then, and it ends soon. */
  looking: z.boolean().optional(),
  /** Null before the first start. */
  pids: z.strictObject({ temporal: z.int().nullable(), s3: z.int().nullable() }),
});
export type StackRecord = z.infer<typeof StackRecord>;

const Credentials = z.strictObject({ accessKeyId: z.string(), secretAccessKey: z.string() });
export type Credentials = z.infer<typeof Credentials>;

/** Null when there is none, or none that can be read: then nothing is known to run. */
export function readRecord(folder: string): StackRecord | null {
  const parsed = StackRecord.safeParse(readJson(layout(folder).record));
  return parsed.success ? parsed.data : null;
}

/** Replaces the record as a whole: a reader sees the old or the new one. */
export function writeRecord(folder: string, record: StackRecord): void {
  const { record: path } = layout(folder);
  writeFileSync(`${path}.new`, JSON.stringify(record, null, 2));
  renameSync(`${path}.new`, path);
}

export const readCredentials = (folder: string): Credentials =>
  Credentials.parse(readJson(layout(folder).credentials));

/** The S3 credentials of this folder; made up the first time. */
export function ensureCredentials(folder: string): Credentials {
  const path = layout(folder).credentials;
  const known = Credentials.safeParse(readJson(path));
  if (known.success) return known.data;
  const credentials = { accessKeyId: 'rethinking', secretAccessKey: randomBytes(24).toString('base64url') };
  writeFileSync(path, JSON.stringify(credentials), { mode: 0o600 });
  chmodSync(path, 0o600); // a file that was there keeps its mode otherwise
  return credentials;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}
