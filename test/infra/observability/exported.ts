/** What workers export, as Prometheus reads it. `exported.txt` is the record of a training whose trainer was killed, held to
 *  living workers by test/faults/kill.test.ts (recorded anew with `npm test -- -u test/faults/kill.test.ts`). */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { alertQueries, dashboardQueries, namesIn } from './queries.ts';

export const RECORD = join(import.meta.dirname, 'exported.txt');

export interface Sample {
  metric: string;
  labels: Record<string, string>;
  value: number;
}

/** What a worker answers. */
export async function scrape(port: number): Promise<Sample[]> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return [...text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)].map(([, metric = '', labels = '', value]) => ({
    metric,
    labels: Object.fromEntries(
      [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, name, text]) => [name, text]),
    ),
    value: Number(value),
  }));
}

/** A line a metric, with its labels: all of ours, and those of Temporal that a query names. */
export function linesOf(samples: Sample[]): string {
  const named = new Set(
    [...dashboardQueries(), ...alertQueries()]
      .flatMap(({ expr }) => namesIn(expr))
      .map(({ metric }) => metric),
  );
  const labels = new Map<string, Set<string>>();
  for (const { metric, labels: own } of samples) {
    if (!metric.startsWith('rethinking_') && !named.has(metric)) continue;
    const known = labels.get(metric) ?? new Set();
    for (const label of Object.keys(own)) known.add(label);
    labels.set(metric, known);
  }
  const lines = [...labels].map(([metric, own]) => `${metric} ${[...own].sort().join(' ')}`.trim());
  return `${lines.sort().join('\n')}\n`;
}

/** Labels of each metric on record. */
export function exported(): Map<string, string[]> {
  const lines = readFileSync(RECORD, 'utf8').trim().split('\n');
  return new Map(
    lines.map((line) => {
      const [metric = '', ...labels] = line.split(' ');
      return [metric, labels];
    }),
  );
}

/** A port that is free, as the next one is: below those that the system hands out to whoever connects. */
export async function twoFreePorts(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    if ((await isFree(port)) && (await isFree(port + 1))) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const free = await once(server.listen(port, '127.0.0.1'), 'listening').then(
    () => true,
    () => false,
  );
  server.close();
  return free;
}
