import type { Address } from '../../network/address.js';
import type { CodecValue } from '../codec/codec.js';
import { bytes } from '../codec/fields.js';
import { type NoPayload, noPayload, struct } from '../codec/struct.js';
import { LOOPBACK } from '../candidate/loopback.js';
import type { Answering } from '../contract/answering.js';
import type { CommunityContext } from '../contract/community-context.js';
import type { Outgoing } from '../contract/outgoing.js';
import type { Waiting } from '../contract/waiting.js';
import type { Member } from '../identity/member.js';
import { BUILT_IN_IDS } from '../message/built-in-ids.js';
import { membersOf, type ReceivedMessage } from '../message/message.js';
import { MetaMessage } from '../message/meta-message.js';
import {
  communityDestination,
  lastSyncDistribution,
  type MemberAuthentication,
  memberAuthentication,
  publicResolution,
  UNSIGNED_DIRECT_POLICIES,
} from '../message/policies.js';
import { drop, type CheckResult } from '../message/check-result.js';
import type { MessageArchive } from '../store/message-archive.js';
import { identityKey } from './missing-key.js';

export const missingIdentityPayload = struct({ mid: bytes(20) });

type Identity = ReceivedMessage<NoPayload, MemberAuthentication>;
/** How long an identity counts as asked for, which is how long a packet waits for one; then another peer may be asked. */
const WANTED_MS = 10_000;
/** How many identities are wanted at a time at most; the oldest give way. */
const WANTED_MAX = 1024;

type IdentityRequest = ReceivedMessage<CodecValue<typeof missingIdentityPayload>>;

export interface IdentitiesComponents {
  readonly context: Pick<CommunityContext, 'clock' | 'members' | 'candidates'>;
  readonly archive: Pick<MessageArchive, 'findIdentity'>;
  readonly outgoing: Pick<Outgoing, 'create'>;
  readonly answering: Pick<Answering, 'send' | 'answer'>;
  readonly waiting: Pick<Waiting, 'isAwaited' | 'wake'>;
}

/**
 * Finds out who members are that packets name by `mid` only: it asks for public keys that are missing, and presents our
 * own identities and those that were presented to us.
 */
export class Identities {
  readonly #components: IdentitiesComponents;
  /** The identities of our own members, also where nothing is stored. */
  readonly #own = new Map<string, Buffer>();
  /** When we asked for an identity that no packet waits for. */
  readonly #wantedMs = new Map<string, number>();

  readonly #identity = new MetaMessage({
    id: BUILT_IN_IDS.identity,
    name: 'identity',
    authentication: memberAuthentication('bin'),
    resolution: publicResolution(),
    distribution: lastSyncDistribution(1, { priority: 16 }),
    destination: communityDestination(0),
    payload: noPayload,
    // An identity that nobody waits for teaches nothing, and would cost a verification.
    screen: ({ member }: Identity) =>
      this.#isAskedFor(identityKey(member.mid)) ? undefined : drop('identity not asked for'),
    handle: ({ member }: Identity) => this.#onIdentity(identityKey(member.mid)),
  });

  readonly #missingIdentity = new MetaMessage({
    id: BUILT_IN_IDS.missingIdentity,
    name: 'missing-identity',
    ...UNSIGNED_DIRECT_POLICIES,
    payload: missingIdentityPayload,
    screen: (message: IdentityRequest) => this.#screenMissing(message),
    handle: ({ payload, candidate }: IdentityRequest) => this.#answer(payload.mid, candidate),
  });

  readonly messages: readonly MetaMessage[] = [this.#identity, this.#missingIdentity];

  constructor(components: IdentitiesComponents) {
    this.#components = components;
  }

  ask(mid: Buffer, peer: Address): void {
    this.#components.answering.answer('question', this.#missingIdentity, { mid }, peer);
  }

  /**
   * Whoever gets a message from us may ask us who its authors are. Our own identity is made before anyone asks, because
   * the question is not signed and must not make us claim a time. A member that we know from elsewhere – from another
   * community, or by its public key – cannot be presented by us yet: so its identity is asked for before somebody wants
   * it.
   */
  collect(message: ReceivedMessage): void {
    if (!namesByMid(message)) return;
    for (const member of membersOf(message)) {
      if (this.#packetOf(member.mid) !== undefined) continue;
      if (member.hasPrivateKey) this.#present(member);
      else if (message.candidate !== LOOPBACK) this.#want(member.mid, message.candidate);
    }
  }

  #present(member: Member): void {
    const { packet } = this.#components.outgoing.create(this.#identity, {}, { member, forward: false });
    this.#own.set(member.mid.toString('latin1'), packet);
  }

  #want(mid: Buffer, peer: Address): void {
    const key = identityKey(mid);
    if (this.#isWanted(key)) return;
    this.#wantedMs.delete(key);
    const [oldest] = this.#wantedMs.keys();
    if (oldest !== undefined && this.#wantedMs.size >= WANTED_MAX) this.#wantedMs.delete(oldest);
    this.#wantedMs.set(key, this.#components.context.clock.nowMs());
    this.ask(mid, peer);
  }

  #isWanted(key: string): boolean {
    const wantedMs = this.#wantedMs.get(key) ?? -Infinity;
    return this.#components.context.clock.nowMs() < wantedMs + WANTED_MS;
  }

  #isAskedFor(key: string): boolean {
    return this.#components.waiting.isAwaited(key) || this.#isWanted(key);
  }

  #onIdentity(key: string): void {
    this.#wantedMs.delete(key);
    this.#components.waiting.wake(key);
  }

  #screenMissing({ payload: { mid } }: IdentityRequest): CheckResult {
    if (this.#packetOf(mid) !== undefined) return undefined;
    // A peer that asks now will ask again; by then the identity's owner may have given it to us.
    const { members, candidates } = this.#components.context;
    const member = members.byMid(mid);
    const owner = member && candidates.byMember(member);
    if (owner !== undefined) this.#want(mid, owner);
    return drop('identity is not ours to give');
  }

  #answer(mid: Buffer, asker: Address): void {
    const packet = this.#packetOf(mid);
    if (packet !== undefined) this.#components.answering.send('identity', packet, asker);
  }

  #packetOf(mid: Buffer): Buffer | undefined {
    const own = this.#own.get(mid.toString('latin1'));
    return own ?? this.#components.archive.findIdentity(mid)?.packet;
  }
}

/** Whether packets of this kind name their authors by `mid`; others bring the public keys along. */
function namesByMid({ meta: { authentication }, packet }: ReceivedMessage): boolean {
  if (authentication.kind === 'none') return false;
  const communityVersion = packet[1] as number;
  return authentication.encoding === 'sha1' || (authentication.encoding === 'default' && communityVersion <= 1);
}
