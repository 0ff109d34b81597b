import type { Specification } from './specification.js';

/** A picture of an experiment's own. */
export interface NamedGraph {
  /** Lower case with dashes: the stem of its files. */
  readonly name: string;
  readonly title: string;
  readonly specification: Specification;
}
