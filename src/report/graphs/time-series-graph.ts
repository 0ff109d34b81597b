import type { Annotation, Line, TimeSeries } from '../report-data.js';
import { type Bands, bandsOf } from './bands.js';
import { hasValue } from '../lines/has-value.js';
import { frame, type Specification } from './specification.js';
import { colorOf, dashOf } from './style.js';

/** So many lines can be told apart, with patience; more are shown as bands. */
export const LINES_MAX = 24;
/** With more groups than this, bands would cover each other. */
const TYPES_MAX = 6;
/** A value belongs to the whole step that begins at its time: a change is drawn at that time, and not on the way to it. */
export const STEP = 'end';
/** The most points of a line; more would be finer than print. */
const POINTS_MAX = 2000;

/** The data of a graph over time: the lines, if they can be told apart, or the bands of more of them. */
export interface DrawnSeries extends Omit<TimeSeries, 'lines' | 'name' | 'group'> {
  readonly lines: readonly Line[];
  readonly bandGroups: readonly BandGroup[];
}

/** The bands of some lines, e.g. of all instances of a peer type. */
export interface BandGroup {
  /** The instances that the bands are of, in words. */
  readonly who: string;
  readonly bands: Bands;
}

/**
 * Draws each line of a series; if there are more than can be told apart, it draws the median with the quartiles and the
 * extremes, for each peer type where there are types. @returns undefined when there is no value to show
 */
export function timeSeriesGraph(series: TimeSeries, annotations: readonly Annotation[]): Specification | undefined {
  return drawnSeriesGraph(drawnSeriesOf(series), annotations);
}

export function drawnSeriesOf(series: TimeSeries): DrawnSeries {
  const lines = series.lines.filter(({ values }) => hasValue(values));
  return lines.length <= LINES_MAX
    ? { ...series, lines, bandGroups: [] }
    : { ...series, lines: [], bandGroups: bandGroupsOf(lines, series.timesS.length) };
}

/** @returns nothing when there is no value to show */
export function drawnSeriesGraph(series: DrawnSeries, annotations: readonly Annotation[]): Specification | undefined {
  const drawn = [
    ...series.bandGroups.flatMap((group, at) => drawBands(series, group, at)),
    ...series.lines.map((line, at) => lineOf(series, line, at)),
  ];
  if (drawn.length === 0) return undefined;
  const legend = drawn.flatMap(({ name, areaStyle }) =>
    name === undefined ? [] : [areaStyle === undefined ? { name } : { name, icon: 'rect' as const }],
  );
  const [first, ...rest] = drawn;
  return {
    ...frame(series.title, drawn.length === 1 ? [] : legend),
    xAxis: { type: 'value', name: 'time since GO (s)', nameLocation: 'middle', nameGap: 28, ...extent(series.timesS) },
    yAxis: { type: 'value', name: axisName(series), nameLocation: 'middle', nameGap: 56, scale: false },
    series: [{ ...first, ...marks(annotations) }, ...rest],
  };
}

type SeriesOption = Readonly<Record<string, unknown>> & { readonly name?: string; readonly areaStyle?: unknown };

function lineOf({ timesS }: DrawnSeries, { name, values }: Line, at: number): SeriesOption {
  return {
    name,
    type: 'line',
    step: STEP,
    symbol: 'none',
    sampling: 'lttb',
    lineStyle: { width: 1.6, color: colorOf(at), type: dashOf(at) },
    itemStyle: { color: colorOf(at) },
    data: points(timesS, values),
  };
}

function bandGroupsOf(lines: readonly Line[], length: number): readonly BandGroup[] {
  const types = [...new Set(lines.map(({ type }) => type ?? ''))];
  const groups = types.length > 1 && types.length <= TYPES_MAX ? types : [undefined];
  return groups.map((type) => {
    const ofType = type === undefined ? lines : lines.filter((line) => (line.type ?? '') === type);
    const all = `${ofType.length} ${ofType[0]?.instance === undefined ? 'lines' : 'instances'}`;
    const who = type === undefined ? all : `${type === '' ? 'no type' : type} (${ofType.length})`;
    return { who, bands: bandsOf(ofType, length) };
  });
}

/** Two areas, each from its lower bound to its height above it, and the median over them. */
function drawBands({ timesS }: DrawnSeries, { who, bands }: BandGroup, at: number): readonly SeriesOption[] {
  const area = (name: string, low: Float64Array, high: Float64Array, opacity: number): readonly SeriesOption[] => {
    const stack = `${who} ${name}`;
    const base = { type: 'line', step: STEP, stack, symbol: 'none', silent: true, lineStyle: { width: 0 } };
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
      step: STEP,
      symbol: 'none',
      lineStyle: { width: 2, color: at === 0 ? '#000000' : colorOf(at), type: dashOf(at) },
      itemStyle: { color: at === 0 ? '#000000' : colorOf(at) },
      data: points(timesS, bands.median),
    },
  ];
}

/** The points of a line. Gaps stay gaps: a missing value is no zero, and the value before a gap lasts to the end of its step. */
export function points(timesS: ArrayLike<number>, values: ArrayLike<number>): (readonly [number, number | null])[] {
  const each = Math.max(1, Math.ceil(timesS.length / POINTS_MAX));
  const stepS = each * stepOf(timesS);
  const result: [number, number | null][] = [];
  for (let index = 0; index < timesS.length; index += each) {
    const [timeS, value] = [timesS[index] as number, shown(values[index])];
    result.push([timeS, value]);
    if (value !== null && shown(values[index + each]) === null) result.push([timeS + stepS, value]);
  }
  return result;
}

function shown(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : Number(value.toPrecision(6));
}

function stepOf(timesS: ArrayLike<number>): number {
  return timesS.length > 1 ? (timesS[1] as number) - (timesS[0] as number) : 1;
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

/** The extent of the time axis. It reaches to the end of the last step, in which an annotation may be. */
function extent(timesS: ArrayLike<number>) {
  return { min: timesS[0] ?? 0, max: (timesS[timesS.length - 1] ?? 0) + stepOf(timesS) };
}

function axisName({ title, unit }: Pick<TimeSeries, 'title' | 'unit'>): string {
  return unit === '' ? title : `${title} (${unit})`;
}
