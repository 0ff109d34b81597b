/** The keys under which a log holds metrics: what one is, its values, all values of a histogram, and what happened once. */
export const METRIC_KEYS = {
  definition: 'metric',
  samples: 'metrics',
  distribution: 'distribution',
  event: 'event',
} as const;

/** Gives each kind of metric its place: what the entries of a key hold. */
export interface MetricDefinitionEntry {
  readonly name: string;
  readonly kind: 'counter' | 'gauge' | 'histogram';
  /** Of one count or value; empty for plain numbers. */
  readonly unit: string;
  /** Empty when there is nothing to say. */
  readonly description: string;
}

/** What all values of a histogram in one second come to. */
export type HistogramSample = Readonly<Record<'count' | 'p50' | 'p95' | 'p99' | 'max', number>>;

export interface DistributionEntry {
  readonly name: string;
  /** Of all values; each of `values` stands for as many as the others. */
  readonly count: number;
  readonly values: readonly number[];
}

/**
 * Stands in the logs between a part of the library and the name of a metric of its own, e.g. `dispersy:response-time`. Names that
 * experiments choose cannot contain it.
 */
export const PART_SEPARATOR = ':';
