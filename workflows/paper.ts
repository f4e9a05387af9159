/** The whole paper: every figure, table and theorem, one after the other, then the report. Artifacts share their trainings; what
 *  stops earlier comes first, so that longer runs go on from it. One that fails does not stop the rest.
 *  quick: about an hour on two cores. */
import {
  ApplicationFailure,
  CancellationScope,
  ChildWorkflowFailure,
  type ChildWorkflowHandle,
  defineQuery,
  defineSignal,
  isCancellation,
  proxyActivities,
  type SignalDefinition,
  setHandler,
  startChild,
  type Workflow,
  workflowInfo,
} from '@temporalio/workflow';
import type {
  Activities,
  ArtifactName,
  Failed,
  PaperOptions,
  Reproduction,
  WrittenReport,
} from '../activities/contract.ts';
import { bounded } from './bounded-input.ts';
import { holdable, pauseSignal } from './hold.ts';
import * as options from './options.ts';

export const WORKFLOW: Record<ArtifactName, string> = {
  'figure-1': 'reproduceFigure1',
  'figure-2': 'reproduceFigure2',
  'figure-3': 'reproduceFigure3',
  'table-1': 'reproduceTable1',
  'table-2': 'reproduceTable2',
  'table-3': 'reproduceTable3',
  'table-4': 'reproduceTable4',
  'theorem-1': 'verifyTheorem1',
  'implicit-regularization': 'verifyImplicitRegularization',
};

export interface PaperProgress {
  phase: 'artifacts' | 'report' | 'done';
  paused: boolean;
  artifacts: {
    artifact: ArtifactName;
    workflowId: string;
    state: 'waiting' | 'running' | 'done' | 'failed';
  }[];
}

/** The type of what was left out. */
export const BUDGET_USED_UP = 'BudgetUsedUp';

export const paperQuery = defineQuery<PaperProgress>('paper');

/** Trainings checkpoint, what is not made yet is left out, and the report is written. */
export const stopSignal = defineSignal('stop');

export interface Paper {
  reproductions: (Reproduction | Failed)[];
  report: WrittenReport;
}

export async function reproducePaper(input: unknown = {}): Promise<Paper> {
  const progress: Omit<PaperProgress, 'paused'> = { phase: 'artifacts', artifacts: [] };
  let making: ChildWorkflowHandle<Workflow> | undefined;
  const tell = async (signal: SignalDefinition) => {
    await making?.signal(signal).catch(() => {}); // it has ended
  };
  const hold = holdable(() => (progress.phase === 'artifacts' ? null : 'the report takes seconds'), tell);
  setHandler(paperQuery, () => ({ ...progress, paused: hold.paused }));
  let stopped = false;
  let scope: CancellationScope | undefined;
  setHandler(stopSignal, () => {
    stopped = true;
    scope?.cancel();
  });
  const light = proxyActivities<Activities>(options.quick);
  const { options: asked } = await light.readOptions({ workflow: 'reproducePaper', input: bounded(input) });

  const { workflowId } = workflowInfo();
  progress.artifacts = asked.artifacts.map((artifact) => ({
    artifact,
    workflowId: `${workflowId}-${artifact}`,
    state: 'waiting',
  }));
  const reproductions: (Reproduction | Failed)[] = [];
  for (const row of progress.artifacts) {
    if (!stopped) await hold.open();
    if (stopped) {
      reproductions.push(leftOut(row.artifact, asked));
      continue;
    }
    row.state = 'running';
    scope = new CancellationScope();
    const made = await scope
      .run(() =>
        make(row.artifact, row.workflowId, asked, async (child) => {
          making = child;
          if (hold.paused) await tell(pauseSignal); // meanwhile
        }),
      )
      .catch((error: unknown) => {
        if (!stopped || CancellationScope.current().consideredCancelled || !isCancellation(error))
          throw error;
        return leftOut(row.artifact, asked);
      });
    making = undefined;
    row.state = 'failure' in made ? 'failed' : 'done';
    reproductions.push(made);
  }
  progress.phase = 'report';
  const report = await light.writeReport({ reproductions });
  progress.phase = 'done';
  return { reproductions, report };
}

/** Not an error: the same request goes on from the checkpoints. */
function leftOut(artifact: ArtifactName, asked: PaperOptions): Failed {
  const message = 'It was stopped before this was made; the same request goes on from there.';
  return { artifact, input: inputOf(artifact, asked), failure: { type: BUDGET_USED_UP, message } };
}

async function make(
  artifact: ArtifactName,
  workflowId: string,
  asked: PaperOptions,
  onStart: (child: ChildWorkflowHandle<Workflow>) => Promise<void>,
): Promise<Reproduction | Failed> {
  const input = inputOf(artifact, asked);
  try {
    const child = await startChild(WORKFLOW[artifact], { workflowId, args: [input] });
    await onStart(child);
    const { runs: __, ...reproduction } = await child.result();
    return reproduction;
  } catch (error) {
    // One that a person cancelled alone has failed; the paper goes on.
    if (CancellationScope.current().consideredCancelled || !(error instanceof ChildWorkflowFailure))
      throw error;
    const root = rootOf(error);
    const type = (root instanceof ApplicationFailure && root.type) || 'Failed';
    return { artifact, input, failure: { type, message: root.message } };
  }
}

/** What the paper's input means for one of its artifacts. */
export function inputOf(
  artifact: ArtifactName,
  { artifacts: _, digits, digitsSource, ...common }: PaperOptions,
): Record<string, unknown> {
  if (artifact === 'figure-3') return {}; // it needs neither data nor training
  if (artifact === 'table-3') {
    const { profile, dataset, source, seeds } = common;
    return { profile, dataset, source, digits, digitsSource, seed: seeds[0] };
  }
  if (artifact !== 'theorem-1' && artifact !== 'implicit-regularization') return common;
  const { profile, dataset, source, seeds } = common;
  return { profile, dataset, source, seed: seeds[0] }; // one draw is as good as another
}

/** An activity's own failure lies below those of the activity and of the workflow. */
function rootOf(error: Error): Error {
  return error.cause instanceof Error ? rootOf(error.cause) : error;
}
