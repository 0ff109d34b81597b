/** How valid a run is as an emulation in real time. */
export type Validity = 'VALID' | 'DEGRADED' | 'INVALID';

/** A limit that broke: when first, where, and by how much. */
export interface BrokenLimit {
  /** The name of the limit, e.g. `timer_lateness`. */
  readonly name: string;
  readonly validity: Exclude<Validity, 'VALID'>;
  /** The one of the two limits that broke. */
  readonly limit: number;
  /** The worst value that was measured. */
  readonly worst: number;
  readonly unit: string;
  /** The first second since GO in which the limit broke. */
  readonly firstS: number;
  /** Every second in which it broke, ascending. */
  readonly seconds: readonly number[];
  /** The instance that broke the limit first; absent when the limit is a matter of the whole process. */
  readonly instance?: number;
  /** The thread that broke the limit first, where several instances share a thread. */
  readonly thread?: string;
}

export interface Verdict {
  readonly validity: Validity;
  /** The limits that broke, the gravest first. */
  readonly broken: readonly BrokenLimit[];
  /** The limits that could not be watched, and why. */
  readonly unwatched: readonly string[];
  /** Properties of the system that make a run worse than it could be, with the way out. */
  readonly hints: readonly string[];
}
