import type { Summary } from '../summary.js';

/** A number that runs can be compared by. */
export interface RunMetric {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly value: number;
}

/**
 * Everything of a summary that is one number. Of a series, `NAME` is the median over its lines of each line's mean, `NAME.p95` and `NAME.max` are
 * over all its values, and `NAME.last` is the median of the last ones; of a distribution, `NAME` is the median.
 */
export function runMetricsOf(summary: Summary): readonly RunMetric[] {
  const metrics: RunMetric[] = [];
  const add = (name: string, title: string, unit: string, value: number | undefined) => {
    if (value !== undefined && Number.isFinite(value)) metrics.push({ name, title, unit, value });
  };
  const { run } = summary;
  add('run.duration', 'From GO to the end', 's', run.experimentS);
  add('run.start-up', 'Until all were ready', 's', run.startUpS);
  add('run.lateness', 'Lateness of events, p99', 'ms', run.latenessMs?.p99);
  add('run.failures', 'Failures', '', run.failureCount);
  add('run.events-failed', 'Events that failed', '', run.commands?.failed);
  for (const { name, value, unit } of summary.figures) add(`figure.${slug(name)}`, name, unit, value);
  for (const [name, { title, unit, all, means, last }] of Object.entries(summary.series)) {
    add(name, title, unit, means?.median);
    add(`${name}.p95`, `${title}, p95`, unit, all?.p95);
    add(`${name}.max`, `${title}, maximum`, unit, all?.max);
    add(`${name}.last`, `${title}, last value`, unit, last?.median);
  }
  for (const [name, { title, unit, median, p95, p99, max }] of Object.entries(summary.distributions)) {
    add(name, title, unit, median);
    add(`${name}.p95`, `${title}, p95`, unit, p95);
    add(`${name}.p99`, `${title}, p99`, unit, p99);
    add(`${name}.max`, `${title}, maximum`, unit, max);
  }
  for (const { name: overlay, community, edges, outDegree, inDegree } of summary.overlays) {
    const name = slug(overlay);
    add(`${name}.edges`, `How often one knew another: ${community}`, '', edges);
    add(`${name}.out-degree`, `Peers known: ${community}`, 'peers', outDegree?.median);
    add(`${name}.in-degree.max`, `Known by, maximum: ${community}`, 'peers', inDegree?.max);
  }
  return metrics;
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
