import type { ValueDistribution } from '../report-data.js';
import { frame, type Specification } from './specification.js';
import { colorOf } from './style.js';

const BARS_MAX = 40;

/**
 * A histogram, with the share of values up to each bar's end. @returns undefined when there is no value to show
 */
export function distributionGraph(distribution: ValueDistribution): Specification | undefined {
  const { title, unit } = distribution;
  const weighted = weightedValues(distribution);
  const min = weighted[0]?.[0];
  const max = weighted.at(-1)?.[0];
  if (min === undefined || max === undefined) return undefined;
  const name = unit === '' ? title : unit;
  const x = (gridIndex: number) => ({
    type: 'value',
    gridIndex,
    name,
    nameLocation: 'middle',
    nameGap: 28,
    scale: true,
  });
  return {
    ...frame(title, []),
    grid: [
      { left: 76, right: '54%', top: 52, bottom: 56 },
      { left: '54%', right: 36, top: 52, bottom: 56 },
    ],
    xAxis: [x(0), x(1)],
    yAxis: [
      { type: 'value', gridIndex: 0, name: 'count', nameLocation: 'middle', nameGap: 44, minInterval: 1 },
      {
        type: 'value',
        gridIndex: 1,
        name: 'share up to it (%)',
        nameLocation: 'middle',
        nameGap: 40,
        min: 0,
        max: 100,
      },
    ],
    series: [
      {
        type: 'bar',
        xAxisIndex: 0,
        yAxisIndex: 0,
        barWidth: '98%',
        itemStyle: { color: colorOf(0), borderColor: '#ffffff' },
        data: histogram(weighted, min, max),
      },
      {
        type: 'line',
        xAxisIndex: 1,
        yAxisIndex: 1,
        step: 'end',
        showSymbol: false,
        lineStyle: { width: 1.8, color: '#000000' },
        data: cumulative(weighted),
      },
    ],
  };
}

type Weighted = readonly (readonly [value: number, count: number])[];

function weightedValues({ values, counts }: ValueDistribution): Weighted {
  const weighted = Array.from(values, (value, index) => [value, counts?.[index] ?? 1] as const);
  return weighted.filter(([value, count]) => Number.isFinite(value) && count > 0).sort(([one], [other]) => one - other);
}

/** Counts values in bars of equal width; where there are only few whole numbers, each has a bar. */
function histogram(weighted: Weighted, min: number, max: number): Weighted {
  const isWhole = weighted.every(([value]) => Number.isInteger(value));
  const total = totalOf(weighted);
  const raw = (max - min) / Math.min(BARS_MAX, Math.max(1, Math.ceil(Math.sqrt(total))));
  const width = isWhole ? Math.max(1, Math.ceil(raw)) : raw === 0 ? 1 : raw;
  const last = Math.max(0, Math.ceil((max - min) / width) - (isWhole ? 0 : 1));
  const counts = new Map<number, number>();
  for (const [value, count] of weighted) {
    const bar = Math.min(last, Math.floor((value - min) / width));
    counts.set(bar, (counts.get(bar) ?? 0) + count);
  }
  const middle = isWhole ? (width - 1) / 2 : width / 2;
  return [...counts]
    .sort(([one], [other]) => one - other)
    .map(([bar, count]) => [min + bar * width + middle, Math.round(count)]);
}

function cumulative(weighted: Weighted): Weighted {
  const total = totalOf(weighted);
  const points: [number, number][] = [[weighted[0]?.[0] ?? 0, 0]];
  let seen = 0;
  for (const [index, [value, count]] of weighted.entries()) {
    seen += count;
    if (value !== weighted[index + 1]?.[0]) points.push([value, (100 * seen) / total]);
  }
  return points;
}

function totalOf(weighted: Weighted): number {
  return weighted.reduce((sum, [, count]) => sum + count, 0);
}
