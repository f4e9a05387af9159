/** A meter that keeps what it was told, as Prometheus would show it. */
import { type MetricMeter, type MetricTags, noopMetricMeter } from '@temporalio/common';

export function recordMeter() {
  const series = new Map<string, number>();
  const observed = new Map<string, number[]>();
  const nameOf = (name: string, tags: MetricTags = {}) => {
    const labels = Object.entries(tags).sort(([a], [b]) => a.localeCompare(b));
    return `${name}{${labels.map(([label, value]) => `${label}="${value}"`).join(',')}}`;
  };
  const meter: MetricMeter = {
    createGauge: (...given) => ({
      ...noopMetricMeter.createGauge(...given),
      set: (value, tags) => void series.set(nameOf(given[0], tags), value),
    }),
    createCounter: (...given) => ({
      ...noopMetricMeter.createCounter(...given),
      add(value, tags) {
        const name = nameOf(`${given[0]}_total`, tags);
        series.set(name, (series.get(name) ?? 0) + value);
      },
    }),
    createHistogram: (...given) => ({
      ...noopMetricMeter.createHistogram(...given),
      record(value, tags) {
        const name = nameOf(given[0], tags);
        observed.set(name, [...(observed.get(name) ?? []), value]);
      },
    }),
    withTags: () => meter,
  };
  return { meter, series, observed };
}
