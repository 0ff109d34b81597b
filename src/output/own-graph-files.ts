/**
 * The files beside a configuration in which an experiment describes its graphs. The record of a run says which of them
 * there were, so that a report that is made elsewhere can say that they are missing.
 */
export const OWN_GRAPH_FILES = {
  /** The experiment's own graphs. */
  graphs: 'graphs.ts',
  /** Changes to the look of graphs: `{ "NAME or *": part of a specification }`. */
  styles: 'graphs.json',
} as const;
