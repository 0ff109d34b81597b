import type { Diagnostic } from '../runtime/diagnostic.js';
import type { ModuleReference } from './module-reference.js';
import type { PeerSet } from '../runtime/peers/peer-set.js';

/** A scenario as parsed: once, for all instances. */
export interface Scenario {
  readonly file: string;
  readonly modules: readonly ModuleReference[];
  /** In file order, includes in place, `for` expanded. */
  readonly events: readonly ScenarioEvent[];
  readonly instanceCount: number;
  /**
   * False when an include is not there, or a directive cannot be followed: what it would have brought – modules, variables,
   * events – is missing, and nothing that follows from that is to be complained about.
   */
  readonly isComplete: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** A place in a scenario file, ready to be made a diagnostic. */
export interface ScenarioPlace {
  /** Absolute. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
  readonly length: number;
  /** The line as it stands in the file. */
  readonly source: string;
}

/** The place as people read it: `FILE:LINE`. */
export function placeText({ file, line }: ScenarioPlace): string {
  return `${file}:${line}`;
}

/** What an event line says: one command at one time for some instances. */
export interface ScenarioEvent {
  /** Position in `Scenario.events`; when a line is read once for each group of instances, each group's event has a position of its own. */
  readonly sequence: number;
  readonly time: EventTime;
  readonly peers: PeerSet;
  readonly command: string;
  readonly args: readonly string[];
  readonly kwargs: Readonly<Record<string, string>>;
  /** The place of the command's name. */
  readonly place: ScenarioPlace;
  /** Every argument as written, positional and named, in order; `name` is there for a named one. */
  readonly words: readonly ArgumentWord[];
}

export interface ArgumentWord {
  readonly name?: string;
  readonly value: string;
  readonly column: number;
  readonly length: number;
}

/** When an event is due, in milliseconds since the start. */
export type EventTime =
  /** `@!`: before every timed event. */
  | { readonly kind: 'start' }
  | { readonly kind: 'at'; readonly ms: number }
  /** Each instance has a moment of its own in the window. */
  | { readonly kind: 'window'; readonly fromMs: number; readonly toMs: number };
