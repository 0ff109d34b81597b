/** One `key = value`, from whichever source. */
export interface ConfEntry {
  /** In lower case. */
  readonly key: string;
  /** One value, or the members of a list. */
  readonly values: readonly string[];
  /** Whether the value was written with commas. */
  readonly isList: boolean;
  readonly place: ConfPlace;
}

/** Takes the place of a file's name where a value was set on the command line. */
export const COMMAND_LINE = '--set';

/** Takes the place of a file's name where a value came from the environment. */
export const ENVIRONMENT = 'environment';

/** How strong a place is: of two values that do not agree, the one from the stronger place counts. */
export function strengthOf({ file }: ConfPlace): number {
  return file === COMMAND_LINE ? 2 : file === ENVIRONMENT ? 1 : 0;
}

/** Where an entry stands, ready to be made a diagnostic. */
export interface ConfPlace {
  /** Absolute path, `--set` or `environment`. */
  readonly file: string;
  /** From 1; absent outside a file. */
  readonly line?: number;
  /** The column of the value, from 1. */
  readonly column?: number;
  /** The length of the value as written. */
  readonly length?: number;
  readonly source?: string;
}
