/**
 * What an experiment says of its graphs, in files beside its configuration. The record of a run says which of them there were, so that
 * a report that is made elsewhere can say that they are missing.
 */
export const OWN_GRAPH_FILES = {
  /** Graphs of its own. */
  graphs: 'graphs.ts',
  /** How graphs are to look: `{ "NAME or *": part of a specification }`. */
  styles: 'graphs.json',
} as const;
