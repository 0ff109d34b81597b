import type { Address } from '../../network/address.js';
import { bytes } from '../codec/fields.js';
import { type NoPayload, noPayload, struct } from '../codec/struct.js';
import type { Conversion, MissingMember } from '../message/conversion.js';
import type { Message, ReceivedMessage } from '../message/message.js';
import { MetaMessage } from '../message/meta-message.js';
import {
  candidateDestination,
  communityDestination,
  directDistribution,
  lastSyncDistribution,
  type MemberAuthentication,
  memberAuthentication,
  noAuthentication,
  publicResolution,
} from '../message/policies.js';
import { drop } from '../message/verdict.js';
import type { Community } from './community.js';
import { type DelayedPacket, DelayedPackets, type GivenUp } from './delayed-packets.js';

type Identity = ReceivedMessage<NoPayload, MemberAuthentication>;
type MissingIdentity = ReceivedMessage<{ readonly mid: Buffer }>;

/** What the pipeline does with a packet that waited. */
export interface DelayedOutcome {
  resume(packet: DelayedPacket): void;
  giveUp(packet: DelayedPacket, reason: string): void;
}

/**
 * Who is who, where packets name members by `mid` only: asks for public keys that are missing, keeps packets waiting for
 * them, and presents our own.
 */
export class Identities {
  readonly #community: Community;
  readonly #delayed: DelayedPackets;
  readonly #outcome: DelayedOutcome;
  /** Made at the first request and the same from then on: the newest identity is the only one that counts. */
  #ownIdentity: Message | undefined;

  readonly #identity = new MetaMessage({
    id: 248,
    name: 'identity',
    authentication: memberAuthentication('bin'),
    resolution: publicResolution(),
    distribution: lastSyncDistribution(1),
    destination: communityDestination(0),
    payload: noPayload,
    // One that nobody waits for teaches nothing, and would cost a verification.
    screen: ({ member }: Identity) =>
      this.#delayed.isAwaited(member.mid) ? undefined : drop('identity not asked for'),
    handle: ({ member }: Identity) => this.#onIdentity(member.mid),
  });

  readonly #missingIdentity = new MetaMessage({
    id: 247,
    name: 'missing-identity',
    authentication: noAuthentication(),
    resolution: publicResolution(),
    distribution: directDistribution(),
    destination: candidateDestination(),
    payload: struct({ mid: bytes(20) }),
    screen: ({ payload }: MissingIdentity) =>
      payload.mid.equals(this.#community.myMember.mid) ? undefined : drop('identity is not ours to give'),
    handle: ({ candidate }: MissingIdentity) => this.#onMissingIdentity(candidate),
  });

  readonly messages: readonly MetaMessage[] = [this.#identity, this.#missingIdentity];

  constructor(community: Community, outcome: DelayedOutcome) {
    this.#community = community;
    this.#outcome = outcome;
    const { statistics, clock } = community.dispersy;
    this.#delayed = new DelayedPackets(clock, (packet, why) => {
      if (why === 'timeout') statistics.delayTimeout++;
      outcome.giveUp(packet, GIVEN_UP_REASONS[why]);
    });
  }

  /** How many packets wait. */
  get delayedCount(): number {
    return this.#delayed.size;
  }

  /** Keeps a packet until its member is known; asks the sender once. @returns whether it may wait. */
  delay({ mid, registered }: MissingMember, source: Address, packet: Buffer, conversion: Conversion): boolean {
    const added = this.#delayed.add({ source, packet, conversion, registered, mid });
    if (added === undefined) return false;
    const { statistics } = this.#community.dispersy;
    statistics.delayCount++;
    registered.counters.delayed++;
    if (!added.first) return true;
    statistics.delaySend++;
    this.#community.send(this.#missingIdentity, { mid }, [source]);
    return true;
  }

  stop(): void {
    this.#delayed.clear();
  }

  #onIdentity(mid: Buffer): void {
    for (const packet of this.#delayed.take(mid)) {
      this.#community.dispersy.statistics.delaySuccess++;
      this.#outcome.resume(packet);
    }
  }

  #onMissingIdentity(asker: Address): void {
    this.#ownIdentity ??= this.#community.createMessage(this.#identity, {});
    this.#community.forward(this.#ownIdentity, [asker]);
  }
}

const GIVEN_UP_REASONS: Readonly<Record<GivenUp, string>> = {
  timeout: 'member stayed unknown',
  crowded: 'too many delayed packets',
  unloaded: 'community was unloaded',
};
