/** The counters and gauges of all instances, a line as in their own `statistics.log` for each second in which something changed. */
export const METRICS_FILE = 'metrics.log';
