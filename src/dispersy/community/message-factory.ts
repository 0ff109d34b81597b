import { GumbyError } from '../../runtime/errors.js';
import { LOOPBACK } from '../candidate/loopback.js';
import type { Member } from '../identity/member.js';
import type { Message } from '../message/message.js';
import type { MetaMessage } from '../message/meta-message.js';
import { type Authentication, hasSequenceNumbers } from '../message/policies.js';
import type { Community } from './community.js';

export interface CreateMessageOptions {
  /** Who signs. @default the community's `myMember` */
  readonly member?: Member;
  /** The other member of a double signed message; a signature request asks it to sign. */
  readonly secondMember?: Member;
  /** Whether the message takes the next global time; else it tells the present one. Unsigned ones never take one. @default true */
  readonly claimsTime?: boolean;
  /** Whether to throw when the member is not permitted to send it, so that nobody would accept it. @default true */
  readonly checkPermission?: boolean;
}

/** Makes a community's messages: gives them their place in time, and signs them. */
export class MessageFactory {
  readonly #community: Community;
  /** The last sequence number that was used, also by messages that are not stored yet. */
  readonly #sequenceNumbers = new Map<string, number>();

  constructor(community: Community) {
    this.#community = community;
  }

  create<P, A extends Authentication>(
    meta: MetaMessage<P, A>,
    payload: P,
    options: CreateMessageOptions,
  ): Message<P, A> {
    const { conversion, permissions, dispersy, messages } = this.#community;
    const [member, secondMember] = this.#signersOf(meta, options);
    if (this.#community.destroyed !== undefined) throw isDestroyed(this.#community, meta.name);
    const members = [member, secondMember].filter((each) => each !== undefined);
    // What we store we have to be able to read again.
    for (const each of members) this.#community.members.add(each);
    const position = this.#positionOf(meta, member, options);
    const packet = conversion.encode(meta, { members, payload, ...position });
    const { destination } = meta;
    const message: Message<P, A> = {
      meta,
      member: member as Message<P, A>['member'],
      secondMember,
      ...position,
      depth: destination.kind === 'nHop' ? destination.depth : 0,
      depthOffset: destination.kind === 'nHop' ? conversion.depthOffsetOf(meta, members) : -1,
      payload,
      packet,
      candidate: LOOPBACK,
    };
    if (options.checkPermission !== false && !permissions.isPermitted(message)) throw notPermitted(message);
    if (member !== undefined && position.sequenceNumber > 0)
      this.#sequenceNumbers.set(sequenceKey(meta, member), position.sequenceNumber);
    dispersy.statistics.createdCount++;
    const counters = messages.byId(meta.id)?.counters;
    if (counters !== undefined) counters.created++;
    this.#community.prepareToHandOn(message);
    return message;
  }

  /** The numbers from this message on are free again. */
  forgetSequence({ meta, member }: Message): void {
    if (member !== undefined) this.#sequenceNumbers.delete(sequenceKey(meta, member));
  }

  #signersOf({ authentication, name }: MetaMessage, options: CreateMessageOptions): [Member?, Member?] {
    if (authentication.kind === 'none') return [];
    const member = options.member ?? this.#community.myMember;
    if (authentication.kind === 'member') return [member];
    const { secondMember } = options;
    if (secondMember !== undefined) return [member, secondMember];
    throw new GumbyError('PARAMETER_INVALID', `message "${name}" is signed by two: name its secondMember`);
  }

  /** Where a message stands in time: among all, among its member's of this kind, and under which policy. */
  #positionOf(
    meta: MetaMessage,
    member: Member | undefined,
    { claimsTime = member !== undefined }: CreateMessageOptions,
  ) {
    const { distribution, resolution, id } = meta;
    const hasGlobalTime = distribution.kind !== 'direct' || distribution.hasGlobalTime;
    const globalTime = hasGlobalTime ? this.#globalTime(claimsTime) : 0n;
    const { timeline } = this.#community.permissions;
    const policyIndex = resolution.kind === 'dynamic' ? timeline.policyIndexAt(id, globalTime) : 0;
    const isNumbered = member !== undefined && hasSequenceNumbers(distribution);
    return { globalTime, policyIndex, sequenceNumber: isNumbered ? this.#nextSequenceNumber(meta, member) : 0 };
  }

  /** Nobody accepts a message of time 0. */
  #globalTime(claimsTime: boolean): bigint {
    const { lamportClock } = this.#community;
    if (claimsTime) return lamportClock.claim();
    return lamportClock.globalTime > 0n ? lamportClock.globalTime : 1n;
  }

  #nextSequenceNumber(meta: MetaMessage, member: Member): number {
    const stored = this.#community.store.lastSequenceNumber(meta.id, member.mid);
    return Math.max(stored, this.#sequenceNumbers.get(sequenceKey(meta, member)) ?? 0) + 1;
  }
}

function sequenceKey(meta: { readonly id: number }, { mid }: Member): string {
  return `${meta.id} ${mid.toString('latin1')}`;
}

function notPermitted({ meta, member }: Message): GumbyError {
  return new GumbyError(
    'PERMISSION_MISSING',
    `member ${member?.toString() ?? 'unknown'} is not permitted to send "${meta.name}" now: nobody would accept it; ` +
      'whoever holds the permission can give it with createAuthorize',
    { context: { message: meta.name } },
  );
}

function isDestroyed(community: Community, name: string): GumbyError {
  return new GumbyError(
    'SESSION_STATE',
    `community ${community.constructor.name} cannot send "${name}": it was destroyed for all of its members`,
  );
}
