import type { LatenessBuckets } from '../statistics/lateness-histogram.js';
import type { RunRecord } from '../output/record/run-record.js';
import type { ValueDistribution, TimeSeries } from './report-data.js';

/** The distributions of the instances' last values, for the series that say something about an overlay. */
export function connectionsAtTheEnd(series: readonly TimeSeries[]): readonly ValueDistribution[] {
  return series
    .filter(({ group, lines }) => group === 'Connections' && lines.length > 1)
    .map(({ name, title, unit, group, lines }) => ({
      name: `${name}-at-the-end`,
      title: `${title} at the end`,
      unit,
      group,
      values: lines.flatMap(({ values }) => lastOf(values)),
    }));
}

/** The name of the distribution of how late scenario events were. */
export const EVENT_LATENESS = 'event-lateness';
export const TIMERS_LATENESS = 'all-timers-lateness';

/** How late scenario events and timers were; each bucket stands at its upper bound. */
export function latenessOf({ latenessBuckets }: RunRecord): readonly ValueDistribution[] {
  const distribution = (name: string, title: string, buckets: LatenessBuckets = []): readonly ValueDistribution[] =>
    buckets.length === 0
      ? []
      : [
          {
            name,
            title,
            unit: 'ms',
            group: 'Validity',
            values: buckets.map(([boundMs]) => boundMs),
            counts: buckets.map(([, count]) => count),
          },
        ];
  return [
    ...distribution(EVENT_LATENESS, 'Lateness of scenario events', latenessBuckets?.events),
    ...distribution(TIMERS_LATENESS, 'Lateness of all timers', latenessBuckets?.timers),
  ];
}

function lastOf(values: ArrayLike<number>): readonly number[] {
  for (let index = values.length - 1; index >= 0; index--) {
    const value = values[index] as number;
    if (!Number.isNaN(value)) return [value];
  }
  return [];
}
