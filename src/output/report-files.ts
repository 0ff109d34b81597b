/** What a report writes into the output directory of the run that it is of. */
export const REPORT_FILES = {
  /** A directory of tables, a file for each. */
  tables: 'data',
  /** A directory of pictures, with what they were drawn from. */
  graphs: 'graphs',
  summary: 'summary.json',
  page: 'report.html',
} as const;

/** Tables that are no series. */
export const REPORT_TABLES = {
  annotations: { stem: 'annotations', columns: ['time', 'annotation'] },
  events: { stem: 'events', columns: ['time', 'instance', 'event', 'detail'] },
  types: { stem: 'peer_types', columns: ['instance', 'type'] },
} as const;

/** A series as two tables: wide, with a column for each line, and long, with a row for each value. */
export const SERIES_TABLES = {
  wide: { suffix: '.csv', columns: ['time'] },
  tidy: { suffix: '.tidy.csv', columns: ['time', 'line', 'type', 'value'] },
} as const;

/** What a graph was drawn from, beside its pictures. */
export const SPECIFICATION_SUFFIX = '.graph.json';

/** What `gumby compare` writes into the working directory. */
export const COMPARISON_PAGE = 'comparison.html';
