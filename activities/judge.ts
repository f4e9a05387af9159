import {
  type Activities,
  type JudgeRequest,
  type LinearDescent,
  type ObjectRef,
  type Reproduction,
  TheoremNumbers,
  type TrainedRun,
} from './contract.ts';
import { kernelStamp } from './drawing/kernel-stamp.ts';
import { linearStamp } from './drawing/linear-stamp.ts';
import { stamp } from './drawing/stamp.ts';
import { theoremStamp } from './drawing/theorem-stamp.ts';
import { contentId } from './identity/identity.ts';
import { parseDescent } from './linear/linear-files.ts';
import { definitionOf } from './models/definition.ts';
import { type Publishing, publish } from './provenance/publish.ts';
import * as keys from './store/keys.ts';
import { readEvaluations } from './store/outcomes.ts';
import type { Store } from './store/store.ts';
import { judgeArtifact } from './verdicts/artifacts.ts';
import { verdictsMarkdown } from './verdicts/markdown.ts';

/** Judges what the paper claims of an artifact, from the outcomes alone (of Figures 2a and 2b from the evaluations too, of Figure 3
 *  from the network's definition, of Theorem 1 and linear models from their numbers); writes the verdicts for people and for
 *  programs, and one record of all that was made. */
export function createJudge({ store, environment, now }: Publishing): Activities['judge'] {
  return async (request) => {
    const startedAt = now();
    const { artifact, workflow, input, figures, tables, stored } = request;
    const runs = runsOf(request);
    const looksAlong = artifact === 'figure-2' || artifact === 'table-2';
    const evaluations = looksAlong ? await readEvaluations(store, runs) : new Map();
    const verdicts = judgeArtifact(request, {
      evaluations,
      definitionOf,
      theorems: await theoremsOf(store, request),
      descents: await descentsOf(store, request),
    });
    const subject = { artifact, ...subjectOf(request) };
    // What is written names its folder: other rules of judging make other verdicts, and another folder.
    const id = contentId({ ...subject, runs: runs.map(({ planned }) => planned.id), verdicts });
    const title = titleOf(artifact);
    const { outputs } = await publish(store, {
      keyOf: (file) => keys.verdicts(artifact, id, file),
      latest: keys.latestVerdicts(artifact),
      files: [
        {
          name: 'verdicts.json',
          bytes: `${JSON.stringify({ ...subject, verdicts }, null, 2)}\n`,
          contentType: 'application/json',
        },
        {
          name: 'verdicts.md',
          bytes: verdictsMarkdown(`${title}: verdicts`, subject.stamp, verdicts),
          contentType: 'text/markdown; charset=utf-8',
        },
      ],
      title: `Verdicts on ${title}`,
      about: `What the paper claims of ${title}, judged. ${subject.stamp}`,
      inputs: inputsOf(request),
      parameters: { input, runs: runs.map(({ planned }) => planned.id), stored },
      environment,
      startedAt,
      now,
    });
    const [verdictsJson, verdictsText] = outputs;
    const reproduction: Reproduction = {
      artifact,
      workflow,
      input,
      stamp: subject.stamp,
      figures,
      tables,
      verdicts,
      verdictsJson,
      verdictsMarkdown: verdictsText,
      trainings: {
        needed: runs.length,
        stored,
        failed: runs.filter(({ outcome }) => outcome === null).length,
      },
    };
    return reproduction;
  };
}

/** `figure-1` -> `Figure 1` */
const titleOf = (artifact: string) =>
  artifact.replace('-', ' ').replace(/^./, (letter) => letter.toUpperCase());

async function theoremsOf(store: Store, request: JudgeRequest): Promise<Map<string, TheoremNumbers>> {
  if (!('theorem' in request)) return new Map();
  const { numbers } = request.theorem;
  return new Map([[numbers.key, TheoremNumbers.parse(JSON.parse(String(await store.get(numbers))))]]);
}

async function descentsOf(store: Store, request: JudgeRequest): Promise<Map<string, LinearDescent>> {
  if (!('descent' in request)) return new Map();
  const { numbers } = request.descent;
  return new Map([[numbers.key, parseDescent(await store.get(numbers))]]);
}

function inputsOf(request: JudgeRequest): ObjectRef[] {
  if ('theorem' in request) return [request.theorem.numbers];
  if ('descent' in request) return [request.descent.numbers, request.machines.numbers];
  if ('kernels' in request) return request.kernels.flatMap(({ solved }) => solved.map(({ alpha }) => alpha));
  return runsOf(request).flatMap(({ outcome }) => (outcome ? [outcome.evaluations] : []));
}

const runsOf = (request: JudgeRequest): TrainedRun[] => ('runs' in request ? request.runs : []);

function subjectOf(request: JudgeRequest) {
  if ('model' in request) return { stamp: `From the definition of ${request.model}; no data, no training.` };
  if ('kernels' in request) return { profile: request.profile, stamp: kernelStamp(request) };
  const { profile, dataset } = request;
  const images = dataset && { ...dataset.id, title: dataset.title, form: dataset.form };
  if ('theorem' in request) return { profile, stamp: theoremStamp(request), dataset: images };
  if ('descent' in request) return { profile, stamp: linearStamp(request), dataset: images };
  return {
    profile,
    stamp: stamp(request),
    dataset: images,
    precision: [...new Set(runsOf(request).map(({ planned }) => planned.run.trajectory.precision))],
    ...('panels' in request && { panels: request.panels }),
  };
}
