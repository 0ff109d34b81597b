/** One `key = value` wherever it came from. */
export interface ConfEntry {
  /** In lower case. */
  readonly key: string;
  /** One value, or the members of a list. */
  readonly values: readonly string[];
  /** Written with commas. */
  readonly isList: boolean;
  readonly place: ConfPlace;
}

/** Where an entry stands, ready to be made a diagnostic. */
export interface ConfPlace {
  /** Absolute path, `--set` or `environment`. */
  readonly file: string;
  /** From 1; absent outside a file. */
  readonly line?: number;
  /** Of the value, from 1. */
  readonly column?: number;
  /** Of the value as written. */
  readonly length?: number;
  readonly source?: string;
}
