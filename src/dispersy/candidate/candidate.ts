import { type Address, addressKey, NO_ADDRESS } from '../../network/address.js';
import type { Member } from '../identity/member.js';
import type { ConnectionType } from './connection-type.js';

/** How we know a candidate, best first: it answered us, it asked us, someone introduced it, or somebody told us of it. */
export const CANDIDATE_CATEGORIES = ['walk', 'stumble', 'intro', 'discovered'] as const;

export type CandidateCategory = (typeof CANDIDATE_CATEGORIES)[number];

/** How long a mark counts, in milliseconds. NATs are known to forget after 60 s, and those of introductions after 30 s. */
const LIFETIME_MS: Readonly<Record<CandidateCategory, number>> = {
  walk: 57_500,
  stumble: 57_500,
  intro: 27_500,
  discovered: 57_500,
};

/** The time between two steps to the same candidate. */
const STEP_INTERVAL_MS = 27_500;
/** A tracker serves everyone, and is asked less often. */
const TRACKER_STEP_INTERVAL_MS = 57_500;
/** How long after its last mark a candidate is forgotten. */
const FORGOTTEN_AFTER_MS = 180_000;

/** An address where a peer of the community may be, and what we know of it. */
export class Candidate implements Address {
  readonly host: string;
  readonly port: number;
  /** `host:port`. */
  readonly key: string;
  #lan: Address = NO_ADDRESS;
  #wan: Address = NO_ADDRESS;
  #connectionType: ConnectionType = 'unknown';
  /** A running number of when we last introduced the candidate to someone. */
  introductionOrder = 0;
  /** The global time that the candidate told us last; 0 before. */
  globalTime = 0n;
  /** Whether the candidate said that it understands IPv8's new style messages. */
  supportsNewStyle = false;
  /** The member who speaks from this address, if we know. */
  member: Member | undefined;
  #lastStepMs = -Infinity;
  readonly #markedMs: Record<CandidateCategory, number> = {
    walk: -Infinity,
    stumble: -Infinity,
    intro: -Infinity,
    discovered: -Infinity,
  };

  constructor(
    address: Address,
    readonly isTracker = false,
  ) {
    this.host = address.host;
    this.port = address.port;
    this.key = addressKey(address);
  }

  /** The LAN address as the candidate gave it, corrected by what we see; `NO_ADDRESS` before the candidate spoke. */
  get lan(): Address {
    return this.#lan;
  }

  /** The WAN address, in the same way as `lan`. */
  get wan(): Address {
    return this.#wan;
  }

  get connectionType(): ConnectionType {
    return this.#connectionType;
  }

  locate({ lan, wan }: { readonly lan: Address; readonly wan: Address }, connectionType: ConnectionType): void {
    this.#lan = lan;
    this.#wan = wan;
    this.#connectionType = connectionType;
  }

  mark(category: CandidateCategory, nowMs: number): void {
    this.#markedMs[category] = nowMs;
  }

  /** Takes over the marks of another candidate that turned out to be the same peer. */
  absorb(other: Candidate): void {
    for (const category of CANDIDATE_CATEGORIES)
      this.#markedMs[category] = Math.max(this.#markedMs[category], other.#markedMs[category]);
    this.#lastStepMs = Math.max(this.#lastStepMs, other.#lastStepMs);
  }

  unmark(category: CandidateCategory): void {
    this.#markedMs[category] = -Infinity;
  }

  markedMs(category: CandidateCategory): number {
    return this.#markedMs[category];
  }

  stepped(nowMs: number): void {
    this.#lastStepMs = nowMs;
  }

  /** The first category whose mark is fresh. The category of a tracker is always `discovered`, because a tracker is no peer. */
  categoryAt(nowMs: number): CandidateCategory | undefined {
    if (this.isTracker) return 'discovered';
    // It is asked for every candidate at every step, and names that are written out are found without a look-up.
    const { walk, stumble, intro, discovered } = this.#markedMs;
    if (nowMs < walk + LIFETIME_MS.walk) return 'walk';
    if (nowMs < stumble + LIFETIME_MS.stumble) return 'stumble';
    if (nowMs < intro + LIFETIME_MS.intro) return 'intro';
    return nowMs < discovered + LIFETIME_MS.discovered ? 'discovered' : undefined;
  }

  /** Until when the candidate is verified, unless it is heard of again; a past time if it is not verified. */
  verifiedUntilMs(): number {
    return Math.max(this.#markedMs.walk + LIFETIME_MS.walk, this.#markedMs.stumble + LIFETIME_MS.stumble);
  }

  /** Whether there is certainly a peer at this address: it answered us or asked us. */
  isVerifiedAt(nowMs: number): boolean {
    const category = this.categoryAt(nowMs);
    return category === 'walk' || category === 'stumble';
  }

  isEligibleAt(nowMs: number): boolean {
    const intervalMs = this.isTracker ? TRACKER_STEP_INTERVAL_MS : STEP_INTERVAL_MS;
    return nowMs >= this.#lastStepMs + intervalMs && this.categoryAt(nowMs) !== undefined;
  }

  isForgottenAt(nowMs: number): boolean {
    if (this.isTracker) return false;
    const { walk, stumble, intro, discovered } = this.#markedMs;
    return nowMs >= Math.max(walk, stumble, intro, discovered, this.#lastStepMs) + FORGOTTEN_AFTER_MS;
  }
}
