import type { Line } from '../../report-data.js';
import { type PackedLine, type PageSeries, timesOf, unpack } from '../page-data.js';
import type { DrawnSeries } from '../../graphs/time-series-graph.js';

/** The data of a page: its JSON, and the values beside it. */
export interface PageContent<Data> {
  readonly data: Data;
  readonly values: Uint16Array;
}

/** @throws Error when the page is damaged */
export async function readContent<Data>(id: string): Promise<PageContent<Data>> {
  const text = document.getElementById(id)?.textContent ?? '';
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  const buffer = await new Response(stream).arrayBuffer();
  const length = new DataView(buffer).getUint32(0, true);
  const json = new TextDecoder().decode(new Uint8Array(buffer, 4, length));
  return { data: JSON.parse(json) as Data, values: new Uint16Array(buffer, 4 + length) };
}

/** A series in the form that the graphs take. */
export function drawnSeries(series: PageSeries, values: Uint16Array): DrawnSeries {
  const { title, unit, description, steps, min, max } = series;
  const at = (offset: number) => unpack(values, offset, steps.count, min, max);
  return {
    title,
    unit,
    description,
    timesS: timesOf(steps),
    lines: series.lines.map((line) => lineOf(line, at(line.offset))),
    bandGroups: series.bandGroups.map(({ who, offsets }) => {
      const [lowest = 0, lower = 0, middle = 0, upper = 0, highest = 0] = offsets;
      return {
        who,
        bands: {
          min: at(lowest),
          lowerQuartile: at(lower),
          median: at(middle),
          upperQuartile: at(upper),
          max: at(highest),
        },
      };
    }),
  };
}

/** The lines of the instances that were picked; none for a graph that shows all lines anyway. */
export function pickedLines(series: PageSeries, values: Uint16Array, picked: ReadonlySet<number>): readonly Line[] {
  return series.pickable
    .filter(({ instance }) => instance !== undefined && picked.has(instance))
    .map((line) => lineOf(line, unpack(values, line.offset, series.pickableSteps.count, series.min, series.max)));
}

function lineOf({ name, instance, type }: PackedLine, values: Float64Array): Line {
  return { name, values, ...(instance === undefined ? {} : { instance }), ...(type === undefined ? {} : { type }) };
}
