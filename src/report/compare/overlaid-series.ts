import { bandsOf } from '../graphs/bands.js';
import type { Line, ReportData, TimeSeries } from '../report-data.js';

/** Puts several runs into one graph: for each run the median over its instances, or the sum of lines that are not of instances. */
export function overlaidSeries(
  runs: readonly { readonly name: string; readonly data: ReportData }[],
): readonly TimeSeries[] {
  const names = new Set(runs.flatMap(({ data }) => data.series.map(({ name }) => name)));
  return [...names].flatMap((name) => {
    const found = runs.flatMap((run) => {
      const series = run.data.series.find((each) => each.name === name);
      return series === undefined ? [] : [{ name: run.name, series }];
    });
    const [first] = found;
    if (first === undefined) return [];
    const longest = found.reduce(
      (most, { series }) => (series.timesS.length > most.length ? series.timesS : most),
      first.series.timesS,
    );
    const isOfInstances = first.series.lines.some(({ instance }) => instance !== undefined);
    return [
      {
        ...first.series,
        title: `${first.series.title}: ${isOfInstances ? 'median of the instances' : 'all together'}`,
        timesS: longest,
        lines: found.map(({ name: run, series }) => lineOf(run, series, longest.length, isOfInstances)),
      },
    ];
  });
}

function lineOf(name: string, series: TimeSeries, length: number, isOfInstances: boolean): Line {
  const values = new Float64Array(length).fill(Number.NaN);
  values.set(isOfInstances ? bandsOf(series.lines, series.timesS.length).median : sumsOf(series));
  return { name, values };
}

function sumsOf({ lines, timesS }: TimeSeries): Float64Array {
  return Float64Array.from({ length: timesS.length }, (_, index) => {
    const known = lines.map(({ values }) => values[index] as number).filter((value) => !Number.isNaN(value));
    return known.length === 0 ? Number.NaN : known.reduce((sum, value) => sum + value, 0);
  });
}
