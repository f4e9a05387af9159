/** A night of `nightlyPaper`: what it saw, and how that differs from the night before. */
import { z } from 'zod';
import { ArtifactName, Verdict } from './artifacts.ts';
import { ObjectRef, Outcome, PlannedRun } from './runs.ts';

/** A stored run that is trained again under a salted id. */
export const CanaryRun = z.strictObject({
  title: z.string(),
  /** Salted. */
  planned: PlannedRun,
  /** What the store has of the run that it repeats. */
  stored: Outcome,
});
export type CanaryRun = z.infer<typeof CanaryRun>;

/** How it ended; neither outcome nor failure: the budget did first, and the next night goes on. */
export const Canary = CanaryRun.extend({
  outcome: Outcome.nullable(),
  failure: z.strictObject({ type: z.string(), message: z.string() }).nullable(),
});
export type Canary = z.infer<typeof Canary>;

/** One artifact as a night last saw it. */
export const SeenArtifact = z.strictObject({
  artifact: ArtifactName,
  verdicts: z.array(Verdict),
  failure: z.strictObject({ type: z.string(), message: z.string() }).nullable(),
});
export type SeenArtifact = z.infer<typeof SeenArtifact>;

/** What the next night is held against. */
export const Night = z.strictObject({
  /** When it was due, ISO 8601. */
  night: z.string(),
  workflowId: z.string(),
  /** Those that the budget left out stand as an earlier night saw them. */
  artifacts: z.array(SeenArtifact),
  /** By name: code, Node.js, TensorFlow, device, processor, threads. */
  versions: z.record(z.string(), z.string()),
  /** Canaries to go on with. */
  unfinished: z.array(CanaryRun),
});
export type Night = z.infer<typeof Night>;

/** Something that is not as it was. */
export const Difference = z.strictObject({
  of: z.enum(['artifact', 'verdict', 'number', 'text', 'version', 'canary']),
  /** Claim, version or canary. */
  what: z.string(),
  before: z.string(),
  now: z.string(),
  /** Whether a person should look: not of versions, which explain, nor of texts without a known spread. */
  alert: z.boolean(),
  /** One sentence. */
  reason: z.string(),
});
export type Difference = z.infer<typeof Difference>;

/** One night held against the one before; `before` is null at the first. */
export const DriftReport = z.strictObject({
  night: z.string(),
  before: z.string().nullable(),
  workflowId: z.string(),
  /** Left for the next night, since the budget was used up. */
  leftOut: z.array(ArtifactName),
  canaries: z.array(
    z.strictObject({
      title: z.string(),
      state: z.enum(['same bytes', 'within spread', 'moved', 'failed', 'unfinished']),
    }),
  ),
  differences: z.array(Difference),
  alert: z.boolean(),
});
export type DriftReport = z.infer<typeof DriftReport>;

/** A drift report in the store. */
export const WrittenDrift = z.strictObject({
  folder: z.string(),
  json: ObjectRef,
  markdown: ObjectRef,
  provenance: ObjectRef,
  differences: z.int().nonnegative(),
  alert: z.boolean(),
});
export type WrittenDrift = z.infer<typeof WrittenDrift>;
