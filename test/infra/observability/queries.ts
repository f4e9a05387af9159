/** Every PromQL expression that we hand out, with what it names. They are all of one simple style, so that reading them takes no
 *  parser: labels stand in braces behind their metric, or in `by (…)` before what they group. That they are PromQL at all,
 *  Prometheus' own parser says (`npm run check-infra`). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

export const OBSERVABILITY = join(import.meta.dirname, '..', '..', '..', 'infra', 'observability');
const read = (path: string) => readFileSync(join(OBSERVABILITY, path), 'utf8');

const Dashboard = z.looseObject({
  templating: z.looseObject({
    list: z.array(z.looseObject({ name: z.string(), query: z.unknown() })),
  }),
  panels: z.array(
    z.looseObject({
      title: z.string(),
      targets: z.array(z.looseObject({ expr: z.string(), legendFormat: z.string() })).optional(),
    }),
  ),
});
const Rules = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string(),
          expr: z.string(),
          for: z.string().optional(),
          labels: z.strictObject({ severity: z.enum(['warning', 'critical']) }),
          annotations: z.strictObject({ summary: z.string(), action: z.string() }),
        }),
      ),
    }),
  ),
});

/** shown: labels that a legend or a sentence fills in. */
export interface Query {
  where: string;
  expr: string;
  shown: string[];
}

const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = '']) => found);

export function dashboardQueries(): Query[] {
  const { panels, templating } = Dashboard.parse(JSON.parse(read('grafana/dashboard.json')));
  const drawn = panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr, legendFormat }) => ({
      where: `panel ${title}`,
      // Grafana's variables, as it fills them in.
      expr: expr.replaceAll('$__rate_interval', '1m').replaceAll('$model', '.*'),
      shown: all(legendFormat, /\{\{(\w+)\}\}/g),
    })),
  );
  const offered = templating.list.flatMap(({ name, query }) => {
    const [, metric, label] = /label_values\((\w+), (\w+)\)/.exec(JSON.stringify(query)) ?? [];
    return metric && label ? [{ where: `variable ${name}`, expr: metric, shown: [label] }] : [];
  });
  return [...drawn, ...offered];
}

export const alerts = () => Rules.parse(parse(read('alerts.yaml'))).groups.flatMap(({ rules }) => rules);

export const alertQueries = (): Query[] =>
  alerts().map(({ alert, expr, annotations }) => ({
    where: `alert ${alert}`,
    expr,
    shown: all(Object.values(annotations).join(' '), /\$labels\.(\w+)/g),
  }));

/** Metrics and the labels that the expression wants of each. */
export function namesIn(expr: string): { metric: string; labels: string[] }[] {
  return [...expr.matchAll(/\b((?:rethinking|temporal)_\w+|up\b)(?:\{([^}]*)\})?/g)].map(
    ({ 1: metric = '', 2: matchers = '', index }) => ({
      metric,
      labels: [...all(matchers, /(\w+)\s*[=!]/g), ...groupedBy(expr, index)],
    }),
  );
}

/** Labels of every `by (…) (` around a place. */
function groupedBy(expr: string, place: number): string[] {
  return [...expr.matchAll(/\bby \(([^)]*)\) \(/g)].flatMap(({ 0: opening, 1: labels = '', index }) => {
    const from = index + opening.length;
    return place >= from && place < closingOf(expr, from) ? labels.split(', ') : [];
  });
}

function closingOf(expr: string, from: number): number {
  let depth = 1;
  for (let at = from; at < expr.length; at++) {
    if (expr[at] === '(') depth++;
    else if (expr[at] === ')' && --depth === 0) return at;
  }
  return expr.length;
}

/** Labels that a result still has: those of its grouping, or all of the metric's. */
export const labelsLeft = (expr: string): string[] | null =>
  /\b(?:sum|max)\b/.test(expr)
    ? all(expr, /\bby \(([^)]*)\)/g).flatMap((labels) => labels.split(', '))
    : null;
