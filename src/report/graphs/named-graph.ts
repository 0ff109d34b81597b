import type { Specification } from './specification.js';

/** A picture of an experiment's own. */
export interface NamedGraph {
  /** The name in lower case with dashes: the stem of the picture's files. */
  readonly name: string;
  readonly title: string;
  readonly specification: Specification;
}
