/**
 * The public API for an experiment's own graphs, in a `graphs.ts` beside its configuration: `import … from 'gumby/graphs'`. The file
 * exports `graphs`, of type `GraphsOfRun`.
 */
export type { GraphsOfRun } from './report/graphs/own-graphs.js';
export type { NamedGraph } from './report/graphs/named-graph.js';
export { distributionGraph } from './report/graphs/distribution-graph.js';
export { frame, type LegendEntry, type Specification } from './report/graphs/specification.js';
export { COLORS, colorOf, DASHES, dashOf } from './report/graphs/style.js';
export { timeSeriesGraph } from './report/graphs/time-series-graph.js';
export type {
  Annotation,
  ValueDistribution,
  StatisticsEvent,
  InstanceRow,
  Line,
  OverlayGraph,
  ReportData,
  RunFacts,
  TimelineEntry,
  TimeSeries,
} from './report/report-data.js';
export type { BrokenLimit, Validity, Verdict } from './statistics/verdict.js';
export { type Quantiles, quantilesOf } from './statistics/quantiles.js';
