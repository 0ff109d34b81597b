import { type DrawnSeries, drawnSeriesGraph, points, STEP } from '../../graphs/time-series-graph.js';
import { merged } from '../../graphs/merge.js';
import type { Specification } from '../../graphs/specification.js';
import { colorOf } from '../../graphs/style.js';
import type { Line } from '../../report-data.js';
import { type PageData, type PageSeries, type Steps, timesOf } from '../page-data.js';
import { type Chart, chart } from './charts.js';
import { element, formatNumber, section } from './element.js';
import { interactive } from './interactive.js';
import { drawnSeries, pickedLines } from './packed-data.js';
import type { PickedInstances } from './picked-instances.js';

/** The graphs over time, under the headings of their groups, each with the instances that are picked. */
export function seriesGraphs(
  { series, annotations }: Pick<PageData, 'series' | 'annotations'>,
  values: Uint16Array,
  picked: PickedInstances,
): readonly (readonly [group: string, charts: readonly Chart[]])[] {
  const groups = new Map<string, Chart[]>();
  for (const each of series) {
    const made = chart({
      title: each.unit === '' ? each.title : `${each.title} (${each.unit})`,
      description: each.description,
      kind: 'time',
      specification: () => specificationOf(each, values, annotations, picked.all),
    });
    if (each.pickable.length > 0) picked.onChange(() => made.redraw());
    groups.set(each.group, [...(groups.get(each.group) ?? []), made]);
  }
  return [...groups];
}

/**
 * The order of groups: what an experiment is about comes first, what it costs comes last; groups that are not listed
 * come before all others.
 */
const GROUPS = [
  'Experiment',
  'Connections',
  'Messages',
  'Sync',
  'Traffic',
  'Validity',
  'Resources',
  'Threads',
  'Process',
  'External commands',
];

function byImportance(one: string, other: string): number {
  return GROUPS.indexOf(one) - GROUPS.indexOf(other);
}

/** A section for each group, with its graphs of any kind. */
export function groupedSections(
  graphs: readonly (readonly [group: string, cards: readonly HTMLElement[]])[],
): readonly HTMLElement[] {
  const groups = [...new Set(graphs.map(([group]) => group))].sort(byImportance);
  return groups.map((group) => {
    const cards = graphs.filter(([name]) => name === group).flatMap(([, each]) => each);
    return section(anchorOf(group), group, element('div', { class: 'cards' }, ...cards));
  });
}

function anchorOf(group: string): string {
  return group.toLowerCase().replaceAll(/[^a-z]+/g, '-');
}

function specificationOf(
  series: PageSeries,
  values: Uint16Array,
  annotations: PageData['annotations'],
  picked: ReadonlySet<number>,
): Specification {
  const drawn = drawnSeries(series, values);
  const lines = pickedLines(series, values, picked);
  const base = drawnSeriesGraph(drawn, annotations) ?? {};
  const own = lines.map((line, at) => pickedOption(line, timesOf(series.pickableSteps), at));
  const withPicked = { ...base, series: [...((base['series'] as object[] | undefined) ?? []), ...own] };
  const specification = interactive(withPicked, 'time', {
    formatter: (hovered: unknown) => describe(drawn, lines, series, hovered),
  });
  return series.style === undefined ? specification : merged(specification, series.style);
}

function pickedOption({ name, values }: Line, timesS: Float64Array, at: number): Specification {
  return {
    name: `instance ${name}`,
    type: 'line',
    step: STEP,
    symbol: 'none',
    z: 5,
    lineStyle: { width: 1.8, color: colorOf(at + 1) },
    itemStyle: { color: colorOf(at + 1) },
    data: points(timesS, values),
  };
}

/** The step that a moment is in. */
function stepAt(timeS: number, { startS, stepS }: Steps): number {
  return Math.floor((timeS - startS) / stepS + 1e-6);
}

/** The values at the pointer: the five of each band, and that of each line. */
function describe(
  drawn: DrawnSeries,
  picked: readonly Line[],
  series: PageSeries,
  hovered: unknown,
): HTMLElement | string {
  const [first] = (Array.isArray(hovered) ? hovered : [hovered]) as readonly { axisValue?: number }[];
  const timeS = first?.axisValue;
  if (timeS === undefined) return '';
  const { startS, stepS, count } = series.steps;
  const index = Math.min(count - 1, Math.max(0, stepAt(timeS, series.steps)));
  const at = (values: ArrayLike<number>) => values[index] as number;
  const rows = [
    ...drawn.bandGroups.flatMap(
      ({ who, bands }) =>
        [
          [`${who}: max`, at(bands.max)],
          ['upper quartile', at(bands.upperQuartile)],
          ['median', at(bands.median)],
          ['lower quartile', at(bands.lowerQuartile)],
          ['min', at(bands.min)],
        ] as const,
    ),
    ...drawn.lines.map(({ name, values }) => [name, at(values)] as const),
    ...picked.map(({ name, values }) => {
      return [`instance ${name}`, values[stepAt(timeS, series.pickableSteps)] ?? Number.NaN] as const;
    }),
  ].filter(([, value]) => !Number.isNaN(value));
  return element(
    'div',
    {},
    element('b', {}, `${formatNumber(startS + index * stepS)} s`),
    ...rows.map(([name, value]) => element('div', {}, `${name}: ${formatNumber(value)} ${series.unit}`)),
  );
}
