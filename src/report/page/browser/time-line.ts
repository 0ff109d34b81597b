import type { Specification } from '../../graphs/specification.js';
import { COLORS } from '../../graphs/style.js';
import type { PageData } from '../page-data.js';
import { type Chart, chart } from './charts.js';

const EVENTS_ROW = 'events';
const ANNOTATIONS_ROW = 'annotations';
const VALIDITY_ROW = 'validity';

interface Row {
  readonly name: string;
  readonly series: readonly Specification[];
}

/** The graph of scenario, annotations and validity, along the same time as the graphs below. */
export function timeLine(data: PageData, durationS: number): Chart {
  return chart({
    title: 'Events of the scenario, and the validity of each second',
    description: '',
    kind: 'time',
    className: 'strip',
    specification: () => specificationOf(data, durationS),
  });
}

function specificationOf(data: PageData, durationS: number): Specification {
  const rows = [validityRow(data, durationS), eventsRow(data), annotationsRow(data)].filter((row) => row !== undefined);
  return {
    animation: false,
    textStyle: { fontFamily: 'system-ui, sans-serif', fontSize: 12 },
    tooltip: { trigger: 'item', confine: true },
    grid: { left: 90, right: 24, top: 10, bottom: 66 },
    dataZoom: [
      { type: 'inside', filterMode: 'none' },
      { type: 'slider', filterMode: 'none', height: 16, bottom: 6, showDataShadow: false },
    ],
    xAxis: { type: 'value', name: 'time since GO (s)', nameLocation: 'middle', nameGap: 24, min: 0, max: durationS },
    yAxis: { type: 'category', data: rows.map(({ name }) => name), inverse: true, splitLine: { show: true } },
    series: rows.flatMap(({ series }) => series),
  };
}

function eventsRow({ events }: PageData): Row | undefined {
  if (events.length === 0) return undefined;
  return {
    name: EVENTS_ROW,
    series: [
      {
        type: 'scatter',
        symbol: 'triangle',
        symbolSize: 9,
        itemStyle: { color: COLORS[0], opacity: 0.75 },
        data: events.map(({ timeS, text, instances, instanceCount, place }) => ({
          value: [Math.max(0, timeS), EVENTS_ROW],
          name: `${timeS} s: ${text}`,
          tooltip: { formatter: plain(`${timeS} s: ${text}`, `${instanceCount} × (${instances})`, place) },
        })),
      },
    ],
  };
}

function annotationsRow({ annotations }: PageData): Row | undefined {
  if (annotations.length === 0) return undefined;
  return {
    name: ANNOTATIONS_ROW,
    series: [
      {
        type: 'scatter',
        symbol: 'diamond',
        symbolSize: 10,
        itemStyle: { color: '#333333' },
        label: { show: annotations.length <= 12, position: 'right', formatter: '{b}' },
        data: annotations.map(({ timeS, text }) => ({
          value: [timeS, ANNOTATIONS_ROW],
          name: text,
          tooltip: { formatter: plain(`${timeS} s: ${text}`) },
        })),
      },
    ],
  };
}

/** The row of validity: green where no limit broke; a second in which limits broke has the colour of the gravest. */
function validityRow({ run }: PageData, durationS: number): Row | undefined {
  if (run.verdict === undefined) return undefined;
  const broken = new Map<number, { readonly names: string[]; isInvalid: boolean }>();
  for (const { name, validity, seconds } of run.verdict.broken)
    for (const second of seconds) {
      const known = broken.get(second) ?? { names: [], isInvalid: false };
      known.names.push(name.replaceAll('_', ' '));
      known.isInvalid ||= validity === 'INVALID';
      broken.set(second, known);
    }
  const bar = (fromS: number, toS: number, color: string, text: string) => ({
    value: [fromS, VALIDITY_ROW, toS],
    itemStyle: { color },
    tooltip: { formatter: plain(text) },
  });
  return {
    name: VALIDITY_ROW,
    series: [
      {
        type: 'custom',
        renderItem: drawBar,
        encode: { x: [0, 2], y: 1 },
        data: [
          bar(0, durationS, '#8fc7b4', 'within all limits'),
          ...[...broken].map(([second, { names, isInvalid }]) =>
            bar(
              second,
              second + 1,
              isInvalid ? '#b03a00' : '#E69F00',
              `${second} s: ${names.join(', ')} over the limit`,
            ),
          ),
        ],
      },
    ],
  };
}

/** The argument with which the library calls `renderItem`. */
interface RenderApi {
  value(dimension: number): number;
  coord(point: readonly number[]): readonly [number, number];
  size(extent: readonly number[]): readonly [number, number];
  style(): object;
}

function drawBar(_params: unknown, api: RenderApi) {
  const row = api.value(1);
  const [left, middle] = api.coord([api.value(0), row]);
  const [right] = api.coord([api.value(2), row]);
  const height = api.size([0, 1])[1] * 0.5;
  const shape = { x: left, y: middle - height / 2, width: Math.max(1, right - left), height };
  return { type: 'rect', shape, style: api.style(), clip: true };
}

/** Makes a tooltip of texts that may hold anything, as HTML for the library. */
function plain(...lines: readonly string[]): string {
  return lines.map((line) => line.replaceAll('&', '&amp;').replaceAll('<', '&lt;')).join('<br>');
}
