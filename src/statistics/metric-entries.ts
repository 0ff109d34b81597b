/** The keys under which an instance's log holds its metrics; only `InstanceStatistics` writes them. */
export const METRIC_KEYS = ['metric', 'metrics', 'distribution', 'event'] as const;

/**
 * Stands in the logs between a part of the library and the name of a metric of its own, e.g. `dispersy:response-time`. Names that
 * experiments choose cannot contain it.
 */
export const PART_SEPARATOR = ':';
