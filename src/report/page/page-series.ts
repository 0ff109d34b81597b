import { drawnSeriesOf } from '../graphs/time-series-graph.js';
import type { Specification } from '../graphs/specification.js';
import type { Line, TimeSeries } from '../report-data.js';
import type { PackedLine, Packer, PageSeries, Steps } from './page-data.js';

/** A graph on a screen shows no more points. */
const POINTS_MAX = 1200;

/**
 * Packs a series for the page.
 * @param pickablePoints - the number of points of each line, where there are too many lines to be drawn
 */
export function pageSeriesOf(
  series: TimeSeries,
  packer: Packer,
  pickablePoints: number,
  style: Specification | undefined,
): PageSeries {
  const { name, title, unit, group, description } = series;
  const coarse = thinned(series, POINTS_MAX);
  const drawn = drawnSeriesOf(coarse);
  const [min, max] = extentOf(coarse.lines);
  const pack = ({ name: line, instance, type, values }: Line): PackedLine => ({
    name: line,
    offset: packer.add(values, min, max),
    ...(instance === undefined ? {} : { instance }),
    ...(type === undefined ? {} : { type }),
  });
  const pickable = drawn.bandGroups.length === 0 ? { ...series, lines: [] } : thinned(series, pickablePoints);
  return {
    ...{ name, title, unit, group, description, min, max },
    steps: stepsOf(coarse),
    lines: drawn.lines.map(pack),
    bandGroups: drawn.bandGroups.map(({ who, bands }) => ({
      who,
      offsets: [bands.min, bands.lowerQuartile, bands.median, bands.upperQuartile, bands.max].map((values) =>
        packer.add(values, min, max),
      ),
    })),
    pickable: pickable.lines.map(pack),
    pickableSteps: stepsOf(pickable),
    ...(style === undefined ? {} : { style }),
  };
}

/** The series with fewer points: each is the mean of the points that it stands for. */
function thinned(series: TimeSeries, pointsMax: number): TimeSeries {
  const each = Math.ceil(series.timesS.length / pointsMax);
  if (each <= 1) return series;
  const count = Math.ceil(series.timesS.length / each);
  return {
    ...series,
    timesS: Float64Array.from({ length: count }, (_, index) => series.timesS[index * each] as number),
    lines: series.lines.map((line) => ({ ...line, values: meansOf(line.values, each, count) })),
  };
}

function meansOf(values: ArrayLike<number>, each: number, count: number): Float64Array {
  const means = new Float64Array(count).fill(Number.NaN);
  for (let index = 0; index < count; index++) {
    let [sum, known] = [0, 0];
    for (let at = index * each; at < Math.min(values.length, (index + 1) * each); at++) {
      const value = values[at] as number;
      if (Number.isNaN(value)) continue;
      sum += value;
      known++;
    }
    if (known > 0) means[index] = sum / known;
  }
  return means;
}

function stepsOf({ timesS }: TimeSeries): Steps {
  const startS = timesS[0] ?? 0;
  return { startS, stepS: (timesS[1] ?? startS + 1) - startS, count: timesS.length };
}

function extentOf(lines: readonly Line[]): readonly [min: number, max: number] {
  let [min, max] = [Infinity, -Infinity];
  for (const { values } of lines)
    for (let index = 0; index < values.length; index++) {
      const value = values[index] as number;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  return min <= max ? [min, max] : [0, 0];
}
