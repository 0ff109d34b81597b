/** The names that a report has in the output directory of its run. */
export const REPORT_FILES = {
  /** A directory of tables, a file for each. */
  tables: 'data',
  /** A directory of pictures, with the specifications that they were drawn from. */
  graphs: 'graphs',
  summary: 'summary.json',
  page: 'report.html',
} as const;

/** Tables of other things than series. */
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

/** The end of the name of the specification that a graph was drawn from; the file lies beside the pictures. */
export const SPECIFICATION_SUFFIX = '.graph.json';

/** The page that `gumby compare` writes into the working directory. */
export const COMPARISON_PAGE = 'comparison.html';
