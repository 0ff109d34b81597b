import type { Address } from '../../network/address.js';
import type { CodecValue } from '../codec/codec.js';
import { bytes } from '../codec/fields.js';
import { type NoPayload, noPayload, struct } from '../codec/struct.js';
import type { Community } from '../community/community.js';
import type { Member } from '../identity/member.js';
import type { ReceivedMessage } from '../message/message.js';
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
import { drop, type Verdict } from '../message/verdict.js';
import { identityKey } from './missing-key.js';

export const missingIdentityPayload = struct({ mid: bytes(20) });

type Identity = ReceivedMessage<NoPayload, MemberAuthentication>;
type MissingIdentity = ReceivedMessage<CodecValue<typeof missingIdentityPayload>>;

/**
 * Who is who, where packets name members by `mid` only: asks for public keys that are missing, and presents our own and
 * those that we were presented.
 */
export class Identities {
  readonly #community: Community;
  /** Those of our members, made at the first request: each is the newest, and so the only one that counts, from then on. */
  readonly #own = new Map<string, Buffer>();

  readonly #identity = new MetaMessage({
    id: 248,
    name: 'identity',
    authentication: memberAuthentication('bin'),
    resolution: publicResolution(),
    distribution: lastSyncDistribution(1, { priority: 16 }),
    destination: communityDestination(0),
    payload: noPayload,
    // One that nobody waits for teaches nothing, and would cost a verification.
    screen: ({ member }: Identity) =>
      this.#community.isAwaited(identityKey(member.mid)) ? undefined : drop('identity not asked for'),
    handle: ({ member }: Identity) => this.#community.wake(identityKey(member.mid)),
  });

  readonly #missingIdentity = new MetaMessage({
    id: 247,
    name: 'missing-identity',
    authentication: noAuthentication(),
    resolution: publicResolution(),
    distribution: directDistribution(),
    destination: candidateDestination(),
    payload: missingIdentityPayload,
    screen: (message: MissingIdentity) => this.#screenMissing(message),
    handle: ({ payload, candidate }: MissingIdentity) => this.#answer(payload.mid, candidate),
  });

  readonly messages: readonly MetaMessage[] = [this.#identity, this.#missingIdentity];

  constructor(community: Community) {
    this.#community = community;
  }

  ask(mid: Buffer, peer: Address): void {
    this.#community.send(this.#missingIdentity, { mid }, [peer]);
  }

  #screenMissing({ payload: { mid } }: MissingIdentity): Verdict {
    if (this.#ownMember(mid) !== undefined || this.#packetOf(mid) !== undefined) return undefined;
    return drop('identity is not ours to give');
  }

  #answer(mid: Buffer, asker: Address): void {
    const packet = this.#packetOf(mid) ?? this.#ownPacketOf(mid);
    if (packet !== undefined) this.#community.outbox.sendPacket(packet, asker);
  }

  #packetOf(mid: Buffer): Buffer | undefined {
    return this.#community.archive.store.byMembers(this.#identity.id, [mid])[0]?.packet;
  }

  #ownPacketOf(mid: Buffer): Buffer | undefined {
    const key = mid.toString('latin1');
    const known = this.#own.get(key);
    const member = this.#ownMember(mid);
    if (known !== undefined || member === undefined) return known;
    const { packet } = this.#community.create(this.#identity, {}, { member, forward: false });
    this.#own.set(key, packet);
    return packet;
  }

  /** Besides the community's own member there may be others of ours that sign its messages. */
  #ownMember(mid: Buffer): Member | undefined {
    const member = this.#community.members.byMid(mid);
    return member?.hasPrivateKey === true ? member : undefined;
  }
}
