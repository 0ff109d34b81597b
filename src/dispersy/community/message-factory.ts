import { GumbyError } from '../../runtime/errors.js';
import { LOOPBACK } from '../candidate/loopback.js';
import type { Member } from '../identity/member.js';
import type { Message } from '../message/message.js';
import type { MetaMessage } from '../message/meta-message.js';
import { type Authentication, hasSequenceNumbers } from '../message/policies.js';
import type { CommunityContext } from '../contract/community-context.js';
import type { CreateMessageOptions } from '../contract/message-options.js';
import type { Conversions } from '../message/conversions.js';
import type { Identities } from '../missing/identities.js';
import type { MessagePermissions } from '../permission/message-permissions.js';
import type { Timeline } from '../permission/timeline.js';
import type { Store } from '../store/store.js';
import type { LamportClock } from './lamport-clock.js';

export interface MessageFactoryComponents {
  readonly context: Pick<CommunityContext, 'name' | 'myMember' | 'members' | 'messages' | 'statistics'>;
  readonly conversions: Pick<Conversions, 'current'>;
  readonly lamportClock: Pick<LamportClock, 'globalTime' | 'claim'>;
  readonly timeline: Pick<Timeline, 'policyIndexAt'>;
  readonly permissions: Pick<MessagePermissions, 'isPermitted'>;
  readonly store: Pick<Store, 'lastSequenceNumber'>;
  /** Collects the identities that others may ask us for when they get a message from us. */
  readonly identities: Pick<Identities, 'collect'>;
  readonly isDestroyed: () => boolean;
}

/** Makes a community's messages: gives them their place in time, and signs them. */
export class MessageFactory {
  readonly #components: MessageFactoryComponents;
  /** The last sequence number that was used, also by messages that are not stored yet. */
  readonly #sequenceNumbers = new Map<string, number>();

  constructor(components: MessageFactoryComponents) {
    this.#components = components;
  }

  create<P, A extends Authentication>(
    meta: MetaMessage<P, A>,
    payload: P,
    options: CreateMessageOptions,
  ): Message<P, A> {
    const { context, permissions, identities } = this.#components;
    const conversion = this.#components.conversions.current;
    const [member, secondMember] = this.#signersOf(meta, options);
    if (this.#components.isDestroyed()) throw destroyed(context.name, meta.name);
    const members = [member, secondMember].filter((each) => each !== undefined);
    // We have to be able to read again the messages that we store.
    for (const each of members) context.members.add(each);
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
    context.statistics.createdCount++;
    const counters = context.messages.byId(meta.id)?.counters;
    if (counters !== undefined) counters.created++;
    identities.collect(message);
    return message;
  }

  /** Frees the sequence numbers from this message on. */
  forgetSequence({ meta, member }: Message): void {
    if (member !== undefined) this.#sequenceNumbers.delete(sequenceKey(meta, member));
  }

  #signersOf({ authentication, name }: MetaMessage, options: CreateMessageOptions): [Member?, Member?] {
    if (authentication.kind === 'none') return [];
    const member = options.member ?? this.#components.context.myMember;
    if (authentication.kind === 'member') return [member];
    const { secondMember } = options;
    if (secondMember !== undefined) return [member, secondMember];
    throw new GumbyError('PARAMETER_INVALID', `message "${name}" is signed by two: name its secondMember`);
  }

  /**
   * The position of a message in time: its global time, its sequence number among its member's messages of this kind,
   * and the index of its policy.
   */
  #positionOf(
    meta: MetaMessage,
    member: Member | undefined,
    { claimsTime = member !== undefined }: CreateMessageOptions,
  ) {
    const { distribution, resolution, id } = meta;
    const hasGlobalTime = distribution.kind !== 'direct' || distribution.hasGlobalTime;
    const globalTime = hasGlobalTime ? this.#globalTime(claimsTime) : 0n;
    const { timeline } = this.#components;
    const policyIndex = resolution.kind === 'dynamic' ? timeline.policyIndexAt(id, globalTime) : 0;
    const isNumbered = member !== undefined && hasSequenceNumbers(distribution);
    return { globalTime, policyIndex, sequenceNumber: isNumbered ? this.#nextSequenceNumber(meta, member) : 0 };
  }

  /** The global time of a new message; it is at least 1, because nobody accepts a message of time 0. */
  #globalTime(claimsTime: boolean): bigint {
    const { lamportClock } = this.#components;
    if (claimsTime) return lamportClock.claim();
    return lamportClock.globalTime > 0n ? lamportClock.globalTime : 1n;
  }

  #nextSequenceNumber(meta: MetaMessage, member: Member): number {
    const stored = this.#components.store.lastSequenceNumber(meta.id, member.mid);
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

function destroyed(community: string, name: string): GumbyError {
  return new GumbyError(
    'SESSION_STATE',
    `community ${community} cannot send "${name}": it was destroyed for all of its members`,
  );
}
