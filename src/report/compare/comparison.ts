import type { Validity } from '../../statistics/verdict.js';
import type { RunMetric } from './run-metrics.js';
import { type Difference, differenceOf, type Sample, sampleOf } from './sample.js';

/** One run that is compared. */
export interface ComparedRun {
  /** The label of the run, which all runs of a kind share. */
  readonly label: string;
  readonly directory: string;
  readonly outcome: string;
  readonly validity?: Validity;
  readonly seed: string;
  readonly metrics: readonly RunMetric[];
}

/** Runs that differ by chance only; the first kind is the base that the others are compared with. */
export interface Kind {
  readonly label: string;
  readonly runs: readonly Omit<ComparedRun, 'label' | 'metrics'>[];
}

export interface MetricComparison {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  /** A sample for each kind, in the order of the kinds; null where the metric was not measured in every run of the kind. */
  readonly samples: readonly (Sample | null)[];
  /** The difference of each kind but the first from the base; null where one of the two samples is. */
  readonly differences: readonly (Difference | null)[];
}

export interface Comparison {
  readonly kinds: readonly Kind[];
  readonly metrics: readonly MetricComparison[];
  /** Notes that a reader has to know before believing the comparison. */
  readonly notes: readonly string[];
}

export function compare(runs: readonly ComparedRun[]): Comparison {
  const labels = [...new Set(runs.map(({ label }) => label))];
  const byKind = labels.map((label) => runs.filter((run) => run.label === label));
  const described = new Map(runs.flatMap(({ metrics }) => metrics).map((metric) => [identityOf(metric), metric]));
  return {
    kinds: byKind.map((ofKind, at) => ({
      label: labels[at] as string,
      runs: ofKind.map(({ directory, outcome, validity, seed }) => ({
        directory,
        outcome,
        seed,
        ...(validity === undefined ? {} : { validity }),
      })),
    })),
    metrics: [...described.values()].map((metric) => comparisonOf(metric, byKind)),
    notes: [...notesOf(runs), ...notesOfNames([...described.values()])],
  };
}

function comparisonOf(metric: RunMetric, byKind: readonly (readonly ComparedRun[])[]): MetricComparison {
  const samples = byKind.map((runs) => {
    const identity = identityOf(metric);
    const values = runs.map(({ metrics }) => metrics.find((each) => identityOf(each) === identity)?.value);
    return values.some((value) => value === undefined) ? null : sampleOf(values as number[]);
  });
  const [base, ...others] = samples;
  const differences = others.map((other) => (base && other ? differenceOf(base, other) : null));
  const { name, title, unit } = metric;
  return { name, title, unit, samples, differences };
}

/** What has to agree for two metrics to be compared: two of the same name may be of different things. */
function identityOf({ name, title, unit }: RunMetric): string {
  return JSON.stringify([name, title, unit]);
}

function notesOfNames(metrics: readonly RunMetric[]): readonly string[] {
  const byName = new Map<string, RunMetric>();
  return metrics.flatMap((metric) => {
    const other = byName.get(metric.name);
    byName.set(metric.name, metric);
    if (other === undefined) return [];
    const [one, another] = [other, metric].map(({ title, unit }) => (unit === '' ? title : `${title} (${unit})`));
    return [`${metric.name} is "${one}" in one run and "${another}" in another: the two are not compared`];
  });
}

const UNTOLD_ENDINGS: ReadonlyMap<string, string> = new Map([
  ['running', 'still goes on'],
  ['unknown', 'did not say how it ended'],
]);

function notesOf(runs: readonly ComparedRun[]): readonly string[] {
  return runs.flatMap(({ directory, outcome, validity }) => [
    ...(outcome === 'succeeded' ? [] : [`${directory}: the run ${UNTOLD_ENDINGS.get(outcome) ?? outcome}`]),
    ...(validity === 'INVALID' || validity === 'DEGRADED'
      ? [`${directory}: the run is ${validity}, its times are not to be trusted`]
      : validity === undefined
        ? [`${directory}: whether the machine kept up was not measured`]
        : []),
  ]);
}
