/** What Prometheus itself says of the queries, the alerts and how workers are found: run by `npm run check-infra`. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { checkers, run } from '../check/checkers.ts';
import { alertQueries, dashboardQueries, OBSERVABILITY } from './queries.ts';

const promtool = (...args: string[]) => run(checkers.promtool, '--experimental', ...args);
const parsed = (expr: string) => promtool('promql', 'format', expr);

const folder = mkdtempSync(join(tmpdir(), 'rethinking-observability-'));
afterAll(() => rmSync(folder, { recursive: true }));

const queries = [...dashboardQueries(), ...alertQueries()];
test.each(queries.map(({ where, expr }) => [where, expr]))('%s is PromQL', (_, expr) => {
  expect(parsed(expr)).not.toMatch(/^failed/);
});

test('what is no PromQL is refused', () => {
  expect(parsed('sum by model (rethinking_training_running)')).toMatch(/^failed/);
});

test('the rules are rules', () => {
  expect(promtool('check', 'rules', '--lint-fatal', join(OBSERVABILITY, 'alerts.yaml'))).toContain('SUCCESS');
});

test('each alert fires when it should and not when it should not', () => {
  const tests = join(import.meta.dirname, 'alerts.promtool.yaml');
  expect(promtool('test', 'rules', tests)).toContain('SUCCESS');
  const tested = readFileSync(tests, 'utf8');
  for (const { where } of alertQueries()) expect(tested).toContain(where.replace('alert ', ''));
});

test('the scrape configuration of the compose file is one', () => {
  // It names the rules by their place in the container.
  const config = readFileSync(join(OBSERVABILITY, 'prometheus.yaml'), 'utf8').replace('/etc/prometheus/', '');
  cpSync(join(OBSERVABILITY, 'alerts.yaml'), join(folder, 'alerts.yaml'));
  writeFileSync(join(folder, 'prometheus.yaml'), config);
  expect(promtool('check', 'config', '--lint-fatal', join(folder, 'prometheus.yaml'))).not.toMatch(/^failed/);
});
