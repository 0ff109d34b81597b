import type { Distribution } from '../report-data.js';
import { frame, type Specification } from './specification.js';
import { colorOf } from './style.js';

const BARS_MAX = 40;

/**
 * A histogram, and beside it the share of values up to each.
 * @returns nothing when there is no value to show
 */
export function distributionGraph({ title, unit, values }: Distribution): Specification | undefined {
  const sorted = Float64Array.from(Array.from(values).filter((value) => Number.isFinite(value))).sort();
  const [min] = sorted;
  const max = sorted.at(-1);
  if (min === undefined || max === undefined) return undefined;
  const name = unit === '' ? title : `${title} (${unit})`;
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
        data: histogram(sorted, min, max),
      },
      {
        type: 'line',
        xAxisIndex: 1,
        yAxisIndex: 1,
        step: 'end',
        showSymbol: false,
        lineStyle: { width: 1.8, color: '#000000' },
        data: cumulative(sorted),
      },
    ],
  };
}

/** Bars of equal width; whole numbers that are few get a bar each. */
function histogram(sorted: Float64Array, min: number, max: number): readonly (readonly [number, number])[] {
  const isWhole = sorted.every((value) => Number.isInteger(value));
  const raw = (max - min) / Math.min(BARS_MAX, Math.max(1, Math.ceil(Math.sqrt(sorted.length))));
  const width = isWhole ? Math.max(1, Math.ceil(raw)) : raw === 0 ? 1 : raw;
  const counts = new Map<number, number>();
  for (const value of sorted) {
    const last = Math.max(0, Math.ceil((max - min) / width) - (isWhole ? 0 : 1));
    const bar = Math.min(last, Math.floor((value - min) / width));
    counts.set(bar, (counts.get(bar) ?? 0) + 1);
  }
  const middle = isWhole ? (width - 1) / 2 : width / 2;
  return [...counts].sort(([one], [other]) => one - other).map(([bar, count]) => [min + bar * width + middle, count]);
}

function cumulative(sorted: Float64Array): readonly (readonly [number, number])[] {
  const points: [number, number][] = [[sorted[0] as number, 0]];
  for (const [index, value] of sorted.entries())
    if (value !== sorted[index + 1]) points.push([value, (100 * (index + 1)) / sorted.length]);
  return points;
}
