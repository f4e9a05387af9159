/** Every key of the store's layout. Keys are plain (letters, digits, `.`, `_`, `-`, `=`), no segment is longer than
 *  200 bytes, and no key is another key's folder: so the same layout works on any S3 server and on a file system. */
import type { PlannedRun } from '../contract.ts';

type RunIds = Pick<PlannedRun, 'id' | 'trajectoryId'>;

// ── trajectories/<trajectory>/… ─────────────────────────────────────────────────────────────────────────────

export const trajectory = ({ trajectoryId }: RunIds) => `trajectories/${trajectoryId}/trajectory.json`;

/** The folder of all runs of a trajectory. */
export const runsOfTrajectory = ({ trajectoryId }: RunIds) => `trajectories/${trajectoryId}/runs/`;

const inRun = (run: RunIds, file: string) => `${runsOfTrajectory(run)}${run.id}/${file}`;

export const outcome = (run: RunIds) => inRun(run, 'outcome.json');
export const weights = (run: RunIds) => inRun(run, 'weights.safetensors');
/** step,loss */
export const curve = (run: RunIds) => inRun(run, 'curve.csv');
/** step,loss of a training that diverged. */
export const divergedCurve = (run: RunIds) => inRun(run, 'diverged-curve.csv');
/** step,train_correct,train_images,test_correct,test_images */
export const evaluations = (run: RunIds) => inRun(run, 'evaluations.csv');
export const runProvenance = (run: RunIds) => inRun(run, 'ro-crate-metadata.json');
/** Mutable: which checkpoints the run has, and who may write. */
export const checkpointPointer = (run: RunIds) => inRun(run, 'checkpoint.json');
/** Mutable: the workflow that trains the run, or was the last to. */
export const trainedBy = (run: RunIds) => inRun(run, 'trained-by.json');

// The steps of the longest run (paper profile, below 10⁶) sort as numbers.
const STEP_DIGITS = 9;

/** `attempt` names who wrote it, so that an attempt can take back what is its own and nothing else. */
export const checkpoint = (run: RunIds, step: number, attempt: string) =>
  `${checkpointsOfRun(run)}${String(step).padStart(STEP_DIGITS, '0')}-${attempt}.safetensors`;

/** What the keys of all checkpoints of a run begin with. */
export const checkpointsOfRun = (run: RunIds) => `trajectories/${run.trajectoryId}/checkpoints/${run.id}-`;

/** The step, or iteration, of a checkpoint. */
export const stepOfCheckpoint = (key: string) => Number(key.split(/[-/]/).at(-2));

/** The id of the run that a checkpoint is of. */
export const runOfCheckpoint = (key: string) => key.slice(key.lastIndexOf('/') + 1).split('-')[0]!;

// ── figures, tables, theorems and verdicts: a folder an input, and one mutable `latest` ─────────────────────────────

export const figure = (panel: string, inputsId: string, file: string) =>
  `figures/${panel}/${inputsId}/${file}`;
export const latestFigure = (panel: string) => `figures/${panel}/latest`;

export const table = (number: string, inputsId: string, file: string) =>
  `tables/${number}/${inputsId}/${file}`;
export const latestTable = (number: string) => `tables/${number}/latest`;

export const verdicts = (artifact: string, inputsId: string, file: string) =>
  `verdicts/${artifact}/${inputsId}/${file}`;
export const latestVerdicts = (artifact: string) => `verdicts/${artifact}/latest`;

export const theorem = (number: string, inputsId: string, file: string) =>
  `theorems/${number}/${inputsId}/${file}`;
export const latestTheorem = (number: string) => `theorems/${number}/latest`;

// ── kernels/<system and λ>/… ────────────────────────────────────────────────────────────────────────────────

/** solution.json, time.json, alpha.npy */
export const kernel = (id: string, file: string) => `kernels/${id}/${file}`;
/** Mutable, as that of a run. */
export const kernelPointer = (id: string) => `kernels/${id}/checkpoint.json`;
export const checkpointsOfKernel = (id: string) => `kernels/${id}/checkpoints/`;
export const kernelCheckpoint = (id: string, iteration: number, attempt: string) =>
  `${checkpointsOfKernel(id)}${String(iteration).padStart(STEP_DIGITS, '0')}-${attempt}.npy`;

/** choice.json, and of each candidate its score. */
export const kernelChoice = (id: string, file: string) => `kernels/choices/${id}/${file}`;

// ── reports, and the rest ───────────────────────────────────────────────────────────────────────────────────
export const linear = (what: 'descent' | 'interpolants', inputsId: string, file: string) =>
  `linear/${what}/${inputsId}/${file}`;
export const latestLinear = (what: 'descent' | 'interpolants') => `linear/${what}/latest`;

/** Of an unfinished descent: weights and, last, looks. */
export const iterates = (inputsId: string) => linear('descent', inputsId, 'iterates/');
export const iterate = (inputsId: string, epoch: number, form: 'npy' | 'json') =>
  `${iterates(inputsId)}${String(epoch).padStart(STEP_DIGITS, '0')}.${form}`;

export const report = (inputsId: string, file: string) => `reports/${inputsId}/${file}`;
export const latestReport = 'reports/latest';

/** Nights of one series, newest last by what they say. */
export const drift = (series: string, nightId: string, file: string) => `drift/${series}/${nightId}/${file}`;
export const latestDriftOf = (series: string) => `drift/${series}/latest`;

const NAME_CHARACTERS = 100;

/** An archive that the command line put into the store; only the plain end of its name is kept. */
export const source = (sha256: string, fileName: string) =>
  `sources/${sha256}/${fileName.replace(/[^\w.-]+/g, '_').slice(-NAME_CHARACTERS)}`;

/** What was too large for a workflow's history, by the day (UTC) on which it was said: said again on a later day it is
 *  another object, so that one of past days gets no new reader. */
export const payload = (at: Date, sha256: string) =>
  `payloads/${at.toISOString().slice(0, '2026-01-01'.length)}/${sha256}.json`;

export const isPayload = (key: string) => key.startsWith('payloads/');

/** Every key of such an object in a text. */
export const payloadsIn = (text: string): string[] => text.match(/\bpayloads\/[0-9a-f/-]+\.json\b/g) ?? [];

/** Where a damaged object is moved to. */
export const damaged = (key: string) => `damaged/${key}`;

/** Written and removed when a worker starts. */
export const probe = (id: string) => `probe/${id}`;
