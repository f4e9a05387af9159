import type { Activities, DrawnFigure, FigureRun, ObjectRef } from './contract.ts';
import { figure1a } from './drawing/figure-1a.ts';
import { figure1b } from './drawing/figure-1b.ts';
import { figure1c } from './drawing/figure-1c.ts';
import type { Drawing } from './drawing/line-chart.ts';
import { render } from './drawing/render.ts';
import { parseCurve } from './drawing/running-mean.ts';
import type { PanelRequest } from './drawing/stamp.ts';
import { contentId } from './identity/identity.ts';
import type { Environment } from './provenance/provenance.ts';
import { findPublished, publish } from './provenance/publish.ts';
import * as keys from './store/keys.ts';
import type { Store } from './store/store.ts';

/** Raised when the same numbers are drawn differently: a folder is written once. */
const DRAWING = 1;

/** Draws one panel of Figure 1 as specification, SVG, PNG and CSV. */
export function createDrawFigure({
  store,
  environment,
  now,
}: {
  store: Store;
  environment: Environment;
  now: () => Date;
}): Activities['drawFigure'] {
  return async ({ panel, ...request }) => {
    const startedAt = now();
    const name = `figure-1${panel}`;
    const curves = panel === 'a' ? await curvesOf(store, request.runs) : new Map<string, ObjectRef>();
    const id = contentId({ panel, drawing: DRAWING, curves: [...curves], ...contentOf(request) });
    const place = {
      keyOf: (file: string) => keys.figure(`1${panel}`, id, file),
      latest: keys.latestFigure(`1${panel}`),
    };
    const names = ['vl.json', 'svg', 'png', 'csv'].map((form) => `${name}.${form}`);
    const known = await findPublished(store, { ...place, names });
    if (known) return drawn(name, known);

    const { spec, csv } = await draw(panel, request, curves, store);
    const pictures = await render(spec);
    const published = await publish(store, {
      ...place,
      files: [
        { name: names[0], bytes: pictures.spec, contentType: 'application/json' },
        { name: names[1], bytes: pictures.svg, contentType: 'image/svg+xml' },
        { name: names[2], bytes: pictures.png, contentType: 'image/png' },
        { name: names[3], bytes: csv, contentType: 'text/csv' },
      ],
      title: `Figure 1${panel}`,
      about: `Panel ${panel} of Figure 1 on ${request.dataset.title}, ${request.profile} profile.`,
      inputs: [...curves.values(), ...(panel === 'a' ? [] : evaluationsOf(request.runs))],
      parameters: { panel, profile: request.profile, runs: request.runs.map(({ planned }) => planned.id) },
      environment,
      startedAt,
      now,
    });
    return drawn(name, published);
  };
}

function drawn(
  name: string,
  { folder, outputs, provenance }: { folder: string; outputs: ObjectRef[]; provenance: ObjectRef },
): DrawnFigure {
  const [spec, svg, png, csv] = outputs;
  return { name, folder, spec, svg, png, csv, provenance };
}

async function draw(
  panel: 'a' | 'b' | 'c',
  request: PanelRequest,
  curves: ReadonlyMap<string, ObjectRef>,
  store: Store,
): Promise<Drawing> {
  if (panel === 'b') return figure1b(request);
  if (panel === 'c') return figure1c(request);
  const losses = await Promise.all(
    [...curves].map(
      async ([id, ref]) => [id, parseCurve((await store.get(ref)).toString(), ref.key)] as const,
    ),
  );
  return figure1a(request, new Map(losses));
}

/** Curves by run id: of finished runs, and of those that diverged as far as they came. */
async function curvesOf(store: Store, runs: FigureRun[]): Promise<Map<string, ObjectRef>> {
  const found = await Promise.all(
    runs.map(async ({ planned, outcome, failure }) => {
      if (outcome) return [[planned.id, outcome.curve] as const];
      if (failure?.type !== 'LossNotFinite') return [];
      const diverged = await store.head(keys.divergedCurve(planned));
      return diverged ? [[planned.id, diverged] as const] : [];
    }),
  );
  return new Map(found.flat());
}

const evaluationsOf = (runs: FigureRun[]) =>
  runs.flatMap(({ outcome }) => (outcome ? [outcome.evaluations] : []));

/** What a panel shows; where a checkpoint lies and how a failure was worded, it does not. */
const contentOf = ({ profile, dataset, runs }: PanelRequest) => ({
  profile,
  dataset: { id: dataset.id, title: dataset.title, train: dataset.train.count, test: dataset.test.count },
  runs: runs.map(({ failure, outcome, ...run }) => ({
    ...run,
    outcome: outcome && { ...outcome, checkpoint: undefined },
    failure: failure?.type,
  })),
});
