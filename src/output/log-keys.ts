/**
 * Keys of `statistics.log` that mean something to a report, besides those of metrics and of the overlay stack. Any other key is an
 * experiment's own.
 */
export const LOG_KEYS = {
  /** A mark of the scenario, drawn as a labelled line; its value is a bare text. */
  annotation: 'annotate',
  /** The peer type that the experiment gave the instance; its value is a bare text. */
  peerType: 'peertype',
  /** Whether the instance is online; an entry is written when this changes. */
  online: 'online',
} as const;

/** Keys whose values are bare texts, because Gumby wrote them so and its users' scripts compare them as they stand. */
export const TEXT_KEYS: ReadonlySet<string> = new Set([LOG_KEYS.annotation, LOG_KEYS.peerType]);
