import type { Endpoint } from '../network/endpoint.js';
import { type Clock, every, type Timer } from '../runtime/clock.js';
import type { Logger } from '../runtime/logger.js';
import type { Random } from '../runtime/random.js';
import type { Startable } from '../runtime/startable.js';
import type { Crypto, SecretSource } from './identity/crypto.js';
import { Dispersy } from './dispersy.js';
import { BUILT_IN_IDS } from './message/built-in-ids.js';
import { PREFIX_BYTES } from './message/conversion.js';
import type { Member } from './identity/member.js';
import { TrackedCommunity } from './tracked-community.js';

export interface TrackerInit {
  /** The endpoint, which its owner opens and closes. */
  readonly endpoint: Endpoint;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** The crypto, which has to be the same as the peers'. @default real signatures */
  readonly crypto?: Crypto;
  /** What the tracker's key is made of. @default the system's own chance */
  readonly secretsOf?: SecretSource;
}

/** So many communities are kept of which a peer has proved to be there. When more come, the one that was quiet longest is forgotten. */
const KNOWN_MAX = 1000;
/** So many communities are kept that somebody merely named: a made-up id costs little and is soon pushed out. */
const NEW_MAX = 100;
/** How often communities without candidates are looked for. */
const SWEEP_INTERVAL_MS = 60_000;

/**
 * A Dispersy that serves any community it is asked for, in the version it is asked in: it answers introduction-requests
 * with introductions, and never walks. It answers only requests whose signature it has verified; for a member that a
 * packet names by `mid` alone it first asks the sender, as every peer does.
 */
export class Tracker implements Startable {
  readonly dispersy: Dispersy;
  readonly #clock: Clock;
  readonly #known = new Set<TrackedCommunity>();
  readonly #new = new Set<TrackedCommunity>();
  #member: Member | undefined;
  #sweeping: Timer | undefined;

  constructor(init: TrackerInit) {
    this.#clock = init.clock;
    this.dispersy = new Dispersy({
      ...init,
      communityForPrefix: (prefix, packet) =>
        packet[PREFIX_BYTES] === BUILT_IN_IDS.introductionRequest ? this.#serve(prefix) : undefined,
    });
  }

  /** How many communities are served now. */
  get communityCount(): number {
    return this.#known.size + this.#new.size;
  }

  start(): void {
    if (this.#sweeping !== undefined) return;
    this.#member ??= this.dispersy.getNewMember();
    this.dispersy.start();
    this.#sweeping = every(this.#clock, SWEEP_INTERVAL_MS, () => this.#sweep());
  }

  async stop(): Promise<void> {
    this.#sweeping?.cancel();
    this.#sweeping = undefined;
    await this.dispersy.stop();
    this.#known.clear();
    this.#new.clear();
  }

  #serve(prefix: Buffer): TrackedCommunity | undefined {
    if (this.#member === undefined) return undefined;
    const community = new TrackedCommunity(this.dispersy, prefix, this.#member);
    this.dispersy.attachCommunity(community);
    admit(this.#new, community, NEW_MAX);
    community.events.on('candidate', () => {
      this.#new.delete(community);
      admit(this.#known, community, KNOWN_MAX);
    });
    return community;
  }

  #sweep(): void {
    for (const community of this.#known) {
      if (community.candidates.size > 0) continue;
      this.#known.delete(community);
      community.unloadCommunity();
    }
  }
}

/** Puts a community at the end, as the latest to be heard of; from a full set the first is forgotten. */
function admit(communities: Set<TrackedCommunity>, community: TrackedCommunity, sizeMax: number): void {
  communities.delete(community);
  const [quietest] = communities;
  if (communities.size >= sizeMax && quietest !== undefined) {
    communities.delete(quietest);
    quietest.unloadCommunity();
  }
  communities.add(community);
}
