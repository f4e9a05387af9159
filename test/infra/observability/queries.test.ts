/** Dashboard and alerts ask for nothing that workers do not export; that the record of it is true, test/faults/kill.test.ts says. */
import { describe, expect, test } from 'vitest';
import { exported } from './exported.ts';
import { alertQueries, alerts, dashboardQueries, labelsLeft, namesIn, type Query } from './queries.ts';

// What Prometheus adds to every series, and its own about a target.
const ADDED = ['job', 'instance'];
const known = new Map([...exported(), ['up', []]]);

function problemsOf({ expr, shown }: Query): string[] {
  const names = namesIn(expr);
  const unknown = names.flatMap(({ metric, labels }) => {
    const own = known.get(metric);
    if (!own) return [`nobody exports ${metric}`];
    return labels
      .filter((label) => ![...own, ...ADDED].includes(label))
      .map((label) => `${metric} has no label ${label}`);
  });
  const left = labelsLeft(expr) ?? [...names.flatMap(({ metric }) => known.get(metric) ?? []), ...ADDED];
  const lost = shown.filter((label) => !left.includes(label)).map((label) => `the result has no ${label}`);
  return [...(names.length ? [] : ['no metric is named']), ...unknown, ...lost];
}

const queries = [...dashboardQueries(), ...alertQueries()];

test.each(queries.map((query) => [query.where, query] as const))(
  '%s asks for what is exported',
  (_, query) => {
    expect(problemsOf(query)).toEqual([]);
  },
);

test('every metric of ours is on the dashboard, but for what names the code', () => {
  const drawn = new Set(dashboardQueries().flatMap(({ expr }) => namesIn(expr).map(({ metric }) => metric)));
  const ours = [...exported().keys()].filter(
    (metric) => metric.startsWith('rethinking_') && !/_sum$|build_info/.test(metric),
  );
  expect(ours.filter((metric) => !drawn.has(metric))).toEqual([]);
});

test('no label can name more than it should', () => {
  const ours = [...exported()].filter(([metric]) => metric.startsWith('rethinking_'));
  const closed = ['model', 'dataset', 'device', 'end', 'operation', 'outcome', 'task_queue', 'kind', 'le'];
  const code = ['commit', 'version'];
  expect(new Set(ours.flatMap(([, labels]) => labels))).toEqual(new Set([...closed, ...code]));
});

test('every alert says in a sentence what is wrong, and what to do', () => {
  expect(alerts().length).toBeGreaterThan(5);
  for (const { annotations } of alerts()) {
    for (const text of Object.values(annotations)) expect(text).toMatch(/\.$/);
  }
});

describe('a mistake is found:', () => {
  test.each([
    ['rethinking_training_losses', [], 'nobody exports rethinking_training_losses'],
    ['rethinking_training_loss{network="alexnet"}', [], 'rethinking_training_loss has no label network'],
    ['sum by (run) (rethinking_training_running)', [], 'rethinking_training_running has no label run'],
    ['sum by (model) (rethinking_training_running)', ['device'], 'the result has no device'],
    ['sum(rethinking_training_running)', ['model'], 'the result has no model'],
    ['vector(1)', [], 'no metric is named'],
  ])('%s', (expr, shown, problem) => {
    expect(problemsOf({ where: '', expr, shown })).toEqual([problem]);
  });
});
