import type { HistogramSample } from '../../output/metric-entries.js';

/** The values of a histogram's samples that are drawn over time, with their names in titles. */
export const HISTOGRAM_QUANTILES: ReadonlyMap<keyof HistogramSample, string> = new Map([
  ['p50', 'median'],
  ['p95', '95th percentile'],
  ['max', 'maximum'],
]);

/** The last part of the name under which all values of all instances are drawn. */
export const HISTOGRAM_DISTRIBUTION = 'distribution';

/** The names of everything that may be drawn of a histogram. */
export function histogramNames(name: string): readonly string[] {
  return [name, ...[...HISTOGRAM_QUANTILES.keys(), HISTOGRAM_DISTRIBUTION].map((what) => `${name}-${what}`)];
}
