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

/** What stands for a file where a value was set on the command line. */
export const COMMAND_LINE = '--set';

/** What stands for a file where a value came from the environment. */
export const ENVIRONMENT = 'environment';

/** Of two values that do not agree, the one from the stronger place counts. */
export function strengthOf({ file }: ConfPlace): number {
  return file === COMMAND_LINE ? 2 : file === ENVIRONMENT ? 1 : 0;
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
