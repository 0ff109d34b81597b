import type { SeriesName } from '../output/series-names.js';
import { quantilesOf } from '../statistics/quantiles.js';
import type { ReportData, TimeSeries } from './report-data.js';

/** One of the few numbers of a run that a person wants first. */
export interface KeyFigure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** At most five key figures; those that were not measured are left out. */
export function keyFiguresOf({ series, overlays, run }: ReportData): readonly KeyFigure[] {
  const find = (name: SeriesName) => series.find((each) => each.name === name);
  const cores = Number(run.machine['cores'] ?? 1);
  return [
    ...overlays.slice(0, 1).flatMap(({ nodes, edges }) => {
      const known = new Map(nodes.map(({ id }) => [id, 0]));
      for (const [from] of edges) known.set(from, (known.get(from) ?? 0) + 1);
      return figure('peers known at the end, median', quantilesOf([...known.values()])?.median, 'peers');
    }),
    ...figure('messages received', totalOf(find('messages-received')), ''),
    ...figure('sent', totalOf(find('traffic-up'), 1e-3), 'MB'),
    ...figure('processor', divided(sumOfMeans(find('process-cpu')), cores), '% of all cores'),
    ...figure('memory, at most', maxOf(find('process-memory')), 'MB'),
  ];
}

function figure(name: string, value: number | undefined, unit: string): readonly KeyFigure[] {
  return value === undefined ? [] : [{ name, value: Number(value.toPrecision(4)), unit }];
}

function divided(value: number | undefined, by: number): number | undefined {
  return value === undefined ? undefined : value / by;
}

/** The sum of everything that a series of rates counted over the whole run. */
function totalOf(series: TimeSeries | undefined, factor = 1): number | undefined {
  return series === undefined ? undefined : factor * series.lines.reduce((sum, { total = 0 }) => sum + total, 0);
}

function sumOfMeans(series: TimeSeries | undefined): number | undefined {
  return series?.lines.reduce((sum, { values }) => {
    const count = Array.from(values).filter((value) => !Number.isNaN(value)).length;
    return sum + (count === 0 ? 0 : sumOf(values) / count);
  }, 0);
}

function maxOf(series: TimeSeries | undefined): number | undefined {
  const values = series?.lines.flatMap((line) => Array.from(line.values).filter((value) => !Number.isNaN(value))) ?? [];
  return values.length === 0 ? undefined : values.reduce((most, value) => Math.max(most, value));
}

function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (!Number.isNaN(value)) sum += value;
  }
  return sum;
}
