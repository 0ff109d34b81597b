import type { HistogramSample } from '../../output/metric-entries.js';

/** What is drawn of a histogram's samples over time, and how it is called in titles. */
export const HISTOGRAM_QUANTILES: ReadonlyMap<keyof HistogramSample, string> = new Map([
  ['p50', 'median'],
  ['p95', '95th percentile'],
  ['max', 'maximum'],
]);

/** What all values of all instances are called. */
export const HISTOGRAM_DISTRIBUTION = 'distribution';

/** The names of all that may be drawn of a histogram. */
export function histogramNames(name: string): readonly string[] {
  return [name, ...[...HISTOGRAM_QUANTILES.keys(), HISTOGRAM_DISTRIBUTION].map((what) => `${name}-${what}`)];
}
