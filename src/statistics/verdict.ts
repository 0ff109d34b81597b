/** How valid a run is as an emulation in real time. */
export type Validity = 'VALID' | 'DEGRADED' | 'INVALID';

/** A limit that broke: when first, where, and by how much. */
export interface BrokenLimit {
  /** What was measured, e.g. `timer_lateness`. */
  readonly name: string;
  readonly validity: Exclude<Validity, 'VALID'>;
  /** The one that broke, of the two. */
  readonly limit: number;
  /** The worst value. */
  readonly worst: number;
  readonly unit: string;
  /** The first second in which it broke, since GO. */
  readonly firstS: number;
  /** Every second in which it broke, ascending. */
  readonly seconds: readonly number[];
  /** Where it broke first; absent when it is a matter of the whole process. */
  readonly instance?: number;
  /** The thread that broke it first, where several instances share one. */
  readonly thread?: string;
}

export interface Verdict {
  readonly validity: Validity;
  /** The gravest first. */
  readonly broken: readonly BrokenLimit[];
  /** What could not be watched, and why. */
  readonly unwatched: readonly string[];
  /** What of the system itself makes a run worse than it could be, and the way out. */
  readonly hints: readonly string[];
}
