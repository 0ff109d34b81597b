/** The keys under which a log holds metrics: the definition of a metric, its values, all values of a histogram, and events. */
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
  /** The unit of one count or value; empty for plain numbers. */
  readonly unit: string;
  /** A sentence about the metric; empty when there is nothing to say. */
  readonly description: string;
}

/** The summary of the values of a histogram in one second. */
export type HistogramSample = Readonly<Record<'count' | 'p50' | 'p95' | 'p99' | 'max', number>>;

export interface DistributionEntry {
  readonly name: string;
  /** The number of all values; each of `values` stands for as many of them as the others. */
  readonly count: number;
  readonly values: readonly number[];
}

/**
 * Separates, in the logs, the name of a part of the library from the name of a metric of this part, e.g. `dispersy:response-time`. Names that
 * experiments choose cannot contain it.
 */
export const PART_SEPARATOR = ':';
