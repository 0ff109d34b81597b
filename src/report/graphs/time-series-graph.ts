import type { Annotation, Line, TimeSeries } from '../report-data.js';
import { type Bands, bandsOf } from './bands.js';
import { frame, type Specification } from './specification.js';
import { colorOf, dashOf } from './style.js';

/** As many lines can be told apart, with patience; more are shown as what they come to. */
export const LINES_MAX = 24;
/** More groups of bands cover each other. */
const TYPES_MAX = 6;
/** A point of a line each; more are finer than print. */
const POINTS_MAX = 2000;

/**
 * A line for each line of the series; for more than can be told apart, the median with the quartiles and the extremes, of each
 * peer type where there are types.
 * @returns nothing when there is no value to show
 */
export function timeSeriesGraph(series: TimeSeries, annotations: readonly Annotation[]): Specification | undefined {
  const lines = series.lines.filter(({ values }) => hasValue(values));
  if (lines.length === 0) return undefined;
  const drawn =
    lines.length <= LINES_MAX ? lines.map((line, at) => lineOf(series, line, at)) : bandLines(series, lines);
  const legend = drawn.flatMap(({ name, areaStyle }) =>
    name === undefined ? [] : [areaStyle === undefined ? { name } : { name, icon: 'rect' as const }],
  );
  const [first, ...rest] = drawn;
  return {
    ...frame(series.title, lines.length === 1 ? [] : legend),
    xAxis: { type: 'value', name: 'time since GO (s)', nameLocation: 'middle', nameGap: 28, ...extent(series.timesS) },
    yAxis: { type: 'value', name: axisName(series), nameLocation: 'middle', nameGap: 56, scale: false },
    series: [{ ...first, ...marks(annotations) }, ...rest],
  };
}

type DrawnSeries = Readonly<Record<string, unknown>> & { readonly name?: string; readonly areaStyle?: unknown };

function lineOf({ timesS }: TimeSeries, { name, values }: Line, at: number): DrawnSeries {
  return {
    name,
    type: 'line',
    symbol: 'none',
    sampling: 'lttb',
    lineStyle: { width: 1.6, color: colorOf(at), type: dashOf(at) },
    itemStyle: { color: colorOf(at) },
    data: points(timesS, values),
  };
}

function bandLines(series: TimeSeries, lines: readonly Line[]): readonly DrawnSeries[] {
  const types = [...new Set(lines.map(({ type }) => type ?? ''))];
  const groups = types.length > 1 && types.length <= TYPES_MAX ? types : [undefined];
  return groups.flatMap((type, at) => {
    const ofType = type === undefined ? lines : lines.filter((line) => (line.type ?? '') === type);
    const bands = bandsOf(ofType, series.timesS.length);
    const all = `${ofType.length} ${ofType[0]?.instance === undefined ? 'lines' : 'instances'}`;
    const who = type === undefined ? all : `${type === '' ? 'no type' : type} (${ofType.length})`;
    return drawBands(series, bands, who, at);
  });
}

/** Two areas, each from its lower bound to its height above it, and the median over them. */
function drawBands({ timesS }: TimeSeries, bands: Bands, who: string, at: number): readonly DrawnSeries[] {
  const area = (name: string, low: Float64Array, high: Float64Array, opacity: number): readonly DrawnSeries[] => {
    const stack = `${who} ${name}`;
    const base = { type: 'line', stack, symbol: 'none', silent: true, lineStyle: { width: 0 } };
    const height = low.map((value, index) => (high[index] as number) - value);
    return [
      { ...base, data: points(timesS, low) },
      {
        ...base,
        name: `${who}: ${name}`,
        itemStyle: { color: colorOf(at), opacity },
        areaStyle: { color: colorOf(at), opacity },
        data: points(timesS, height),
      },
    ];
  };
  return [
    ...area('min to max', bands.min, bands.max, 0.18),
    ...area('quartiles', bands.lowerQuartile, bands.upperQuartile, 0.42),
    {
      name: `${who}: median`,
      type: 'line',
      symbol: 'none',
      lineStyle: { width: 2, color: at === 0 ? '#000000' : colorOf(at), type: dashOf(at) },
      itemStyle: { color: at === 0 ? '#000000' : colorOf(at) },
      data: points(timesS, bands.median),
    },
  ];
}

/** Gaps stay gaps: a value that is not there is no zero. */
function points(timesS: ArrayLike<number>, values: ArrayLike<number>): (readonly [number, number | null])[] {
  const step = Math.max(1, Math.ceil(timesS.length / POINTS_MAX));
  const result: [number, number | null][] = [];
  for (let index = 0; index < timesS.length; index += step) {
    const value = values[index] as number;
    result.push([timesS[index] as number, Number.isNaN(value) ? null : Number(value.toPrecision(6))]);
  }
  return result;
}

function marks(annotations: readonly Annotation[]) {
  if (annotations.length === 0) return {};
  return {
    markLine: {
      symbol: 'none',
      silent: true,
      lineStyle: { color: '#555555', width: 1, type: 'dotted' },
      label: { rotate: 90, position: 'insideEndTop', color: '#333333', fontSize: 10 },
      data: annotations.map(({ timeS, text }) => ({ xAxis: timeS, name: text, label: { formatter: text } })),
    },
  };
}

function extent(timesS: ArrayLike<number>) {
  return { min: timesS[0] ?? 0, max: timesS[timesS.length - 1] ?? 1 };
}

function axisName({ title, unit }: TimeSeries): string {
  return unit === '' ? title : `${title} (${unit})`;
}

function hasValue(values: ArrayLike<number>): boolean {
  for (let index = 0; index < values.length; index++) if (!Number.isNaN(values[index])) return true;
  return false;
}
