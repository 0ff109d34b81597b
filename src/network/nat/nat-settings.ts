/** What all NATs of a run have in common. */
export interface NatSettings {
  /** How long a mapping is remembered after it was refreshed last, in milliseconds. */
  readonly timeoutMs: number;
  /** Whether packets from outside refresh a mapping, too; packets from inside always do (RFC 4787, section 4.3). */
  readonly refreshesInbound: boolean;
  /** Whether instances behind one NAT reach each other by its outside address. */
  readonly hairpins: boolean;
}

/** Fewer milliseconds are a slip of the finger: a mapping would end before an answer comes. */
export const NAT_TIMEOUT_MIN_MS = 1000;
