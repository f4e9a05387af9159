import type { Activities, DrawnFigure, DrawRequest, ObjectRef, TrainedRun } from './contract.ts';
import { DESCENT, drawing, type FigureName, READS, THEOREM } from './drawing/figures.ts';
import { linearStamp } from './drawing/linear-stamp.ts';
import { render } from './drawing/render.ts';
import { contentId } from './identity/identity.ts';
import { measureNetwork } from './models/network.ts';
import { findPublished, type Publishing, publish } from './provenance/publish.ts';
import * as keys from './store/keys.ts';
import type { Store } from './store/store.ts';

/** Raised when the same numbers are drawn differently: a folder is written once. */
export const DRAWING = 2;

/** Draws one figure, or one panel of it, as specification, SVG, PNG and CSV. */
export function createDrawFigure({ store, environment, now }: Publishing): Activities['drawFigure'] {
  return async (request) => {
    const startedAt = now();
    const { figure } = request;
    const name = nameOf(figure);
    const files = await filesOf(store, request);
    const reads = READS[figure] === null ? [] : [...files];
    const id = contentId({ figure, drawing: DRAWING, reads, ...contentOf(request) });
    const place = {
      keyOf: (file: string) => keys.figure(figure, id, file),
      latest: keys.latestFigure(figure),
    };
    const names = ['vl.json', 'svg', 'png', 'csv'].map((form) => `${name}.${form}`);
    const known = await findPublished(store, { ...place, names });
    if (known) return drawn(name, known);

    const texts = await Promise.all(
      reads.map(async ([run, ref]) => [run, (await store.get(ref)).toString()] as const),
    );
    const { spec, csv } = drawing(request, new Map(texts));
    const pictures = await render(spec);
    const published = await publish(store, {
      ...place,
      files: [
        { name: names[0], bytes: pictures.spec, contentType: 'application/json' },
        { name: names[1], bytes: pictures.svg, contentType: 'image/svg+xml' },
        { name: names[2], bytes: pictures.png, contentType: 'image/png' },
        { name: names[3], bytes: csv, contentType: 'text/csv' },
      ],
      title: TITLES[figure],
      about:
        'profile' in request
          ? `${TITLES[figure]} on ${request.dataset?.title ?? 'random bytes'}, ${request.profile} profile.`
          : `${TITLES[figure]}: ${request.model}.`,
      inputs: [...files.values()],
      parameters:
        'profile' in request
          ? {
              figure,
              drawing: DRAWING,
              profile: request.profile,
              runs: runsOf(request).map(({ planned }) => planned.id),
            }
          : { ...request, drawing: DRAWING },
      environment,
      startedAt,
      now,
    });
    return drawn(name, published);
  };
}

/** `figure-1a`, `table-1-curves`, `corollary-1` */
const nameOf = (figure: FigureName) =>
  /^\d/.test(figure) ? `figure-${figure}` : figure.startsWith('table-') ? `${figure}-curves` : figure;

const TITLES: Record<FigureName, string> = {
  '1a': 'Figure 1a',
  '1b': 'Figure 1b',
  '1c': 'Figure 1c',
  '2a': 'Figure 2a',
  '2b': 'Figure 2b',
  '3': 'Figure 3',
  'table-1': 'Table 1: training curves',
  'table-2': 'Table 2: training curves',
  'table-4': 'Table 4: training curves',
  'theorem-1-function': 'Theorem 1: the function of a few points',
  'theorem-1-error': 'Theorem 1: error against n',
  'theorem-1-projection': 'Theorem 1: error against n, by projection',
  'corollary-1': 'Corollary 1: width and weights against depth',
  'sgd-distance': 'Section 5: distance of SGD from the least-norm solution',
  'sgd-optima': 'Section 5: the Hessian at two optima',
};

const runsOf = (request: DrawRequest): TrainedRun[] => ('runs' in request ? request.runs : []);

function drawn(
  name: string,
  { folder, outputs, provenance }: { folder: string; outputs: ObjectRef[]; provenance: ObjectRef },
): DrawnFigure {
  const [spec, svg, png, csv] = outputs;
  return { name, folder, spec, svg, png, csv, provenance };
}

/** What the figure may read, by run id; of Theorem 1 and linear models their numbers. */
async function filesOf(store: Store, request: DrawRequest): Promise<Map<string, ObjectRef>> {
  if ('theorem' in request) return new Map([[THEOREM, request.theorem.numbers]]);
  if ('descent' in request) return new Map([[DESCENT, request.descent.numbers]]);
  return READS[request.figure] === 'curve'
    ? await curvesOf(store, runsOf(request))
    : evaluationsOf(runsOf(request));
}

/** Curves by run id: of finished runs, and of those that diverged as far as they came. */
async function curvesOf(store: Store, runs: TrainedRun[]): Promise<Map<string, ObjectRef>> {
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

const evaluationsOf = (runs: TrainedRun[]) =>
  new Map(runs.flatMap(({ planned, outcome }) => (outcome ? [[planned.id, outcome.evaluations]] : [])));

/** What a figure shows; where a checkpoint lies and how a failure was worded, it does not. */
function contentOf(request: DrawRequest): object {
  if ('model' in request) return { ...request, network: measureNetwork(request.model) };
  const { profile, dataset } = request;
  return {
    profile,
    dataset: dataset && {
      id: dataset.id,
      title: dataset.title,
      train: dataset.train.count,
      test: dataset.test.count,
    },
    ...('theorem' in request && { labels: request.labels, seed: request.seed }),
    ...('descent' in request && { stamp: linearStamp(request) }),
    runs: runsOf(request).map(({ failure, outcome, ...run }) => ({
      ...run,
      outcome: outcome && { ...outcome, checkpoint: undefined },
      failure: failure?.type,
    })),
  };
}
