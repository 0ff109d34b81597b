/** The kinds of events, in the order in which events of one moment happen; `held` are events of an entity that stood still. */
export const EVENT_KINDS = ['network', 'call', 'command', 'held', 'packet', 'timer'] as const;

export type EventKind = (typeof EVENT_KINDS)[number];

/** What an event is about, for whoever traces events. */
export interface EventDetail {
  readonly what: string;
  readonly bytes?: Uint8Array;
}

/**
 * Something that happens to an entity – an instance or a tracker – at a moment of the experiment. Its place in the order of
 * events changes only while it is held.
 */
export interface VirtualEvent {
  timeMs: number;
  /** The index of the kind in `EVENT_KINDS`. */
  rank: number;
  /** The entity that the event happens to. */
  readonly target: number;
  /** The entity that made it happen. */
  source: number;
  /** Counts the events that the source has made. */
  sequence: number;
  /** What happens; absent once the event was cancelled. */
  run: (() => void) | undefined;
  /** What the event is about; undefined where its kind says all, or nobody traces events. */
  readonly detail: EventDetail | undefined;
}

/**
 * The total order of events: by time, kind, target, source and the source's own count. Nothing in it depends on the
 * thread that an entity lives in, nor on the order in which events became known.
 */
export function comesBefore(one: VirtualEvent, other: VirtualEvent): boolean {
  if (one.timeMs !== other.timeMs) return one.timeMs < other.timeMs;
  if (one.rank !== other.rank) return one.rank < other.rank;
  if (one.target !== other.target) return one.target < other.target;
  if (one.source !== other.source) return one.source < other.source;
  return one.sequence < other.sequence;
}
