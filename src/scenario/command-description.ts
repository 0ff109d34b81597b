import type { Parameter } from '../runtime/parameter.js';

/** A command that a loaded module offers to scenarios. Plain data: it crosses threads. */
export interface CommandDescription {
  /** The name that is shown first: `extended_hello`. */
  readonly name: string;
  /** Every name that the command answers to, `name` included: `extended_hello`, `extendedHello`. */
  readonly names: readonly string[];
  /** In order of position. */
  readonly parameters: readonly Parameter[];
  /** The exported class that offers the command, or `built-in`. */
  readonly module: string;
  /** What the command does, in a sentence. */
  readonly doc?: string;
}
