import type { Activities } from './contract.ts';
import { stamp } from './drawing/stamp.ts';
import { contentId } from './identity/identity.ts';
import type { Environment } from './provenance/provenance.ts';
import { publish } from './provenance/publish.ts';
import * as keys from './store/keys.ts';
import type { Store } from './store/store.ts';
import { judgeRuns } from './verdicts/figure-1.ts';
import { verdictsMarkdown } from './verdicts/markdown.ts';

/** Judges what Figure 1 claims, from the outcomes alone, and writes the verdicts for people and for programs. */
export function createJudgeFigure1({
  store,
  environment,
  now,
}: {
  store: Store;
  environment: Environment;
  now: () => Date;
}): Activities['judgeFigure1'] {
  return async (request) => {
    const startedAt = now();
    const { profile, dataset, runs, panels } = request;
    const precision = [...new Set(runs.map(({ planned }) => planned.run.trajectory.precision))];
    const verdicts = judgeRuns(request);
    const subject = {
      profile,
      dataset: { ...dataset.id, title: dataset.title, form: dataset.form },
      panels,
      precision,
    };
    // What is written names its folder: other rules of judging make other verdicts, and another folder.
    const id = contentId({ ...subject, runs: runs.map(({ planned }) => planned.id), verdicts });
    const { outputs } = await publish(store, {
      keyOf: (file) => keys.verdicts('figure-1', id, file),
      latest: keys.latestVerdicts('figure-1'),
      files: [
        {
          name: 'verdicts.json',
          bytes: `${JSON.stringify({ ...subject, verdicts }, null, 2)}\n`,
          contentType: 'application/json',
        },
        {
          name: 'verdicts.md',
          bytes: verdictsMarkdown('Figure 1: verdicts', stamp(request), verdicts),
          contentType: 'text/markdown; charset=utf-8',
        },
      ],
      title: 'Verdicts on Figure 1',
      about: `What Figure 1 claims, judged on ${dataset.title}, ${profile} profile.`,
      inputs: runs.flatMap(({ outcome }) => (outcome ? [outcome.evaluations] : [])),
      parameters: { profile, panels, runs: runs.map(({ planned }) => planned.id) },
      environment,
      startedAt,
      now,
    });
    const [json, markdown] = outputs;
    return { verdicts, json, markdown };
  };
}
