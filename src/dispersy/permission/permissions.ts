import { createHash } from 'node:crypto';
import type { Address } from '../../network/address.js';
import { GumbyError } from '../../runtime/errors.js';
import { uint8 } from '../codec/fields.js';
import type { Codec } from '../codec/codec.js';
import type { Community } from '../community/community.js';
import type { Member } from '../identity/member.js';
import { membersOf, type Message, type ReceivedMessage } from '../message/message.js';
import { MetaMessage } from '../message/meta-message.js';
import {
  communityDestination,
  fullSyncDistribution,
  linearResolution,
  type MemberAuthentication,
  memberAuthentication,
  publicResolution,
} from '../message/policies.js';
import { delayByProof, drop, type Verdict } from '../message/verdict.js';
import { POLICY_KEY, proofKey } from '../missing/missing-key.js';
import { NOT_PERMITTED } from '../store/store.js';
import {
  type Permission,
  type PermissionGrant,
  permissionsFrom,
  type PermissionsPayload,
  permissionsPayload,
} from './permission.js';
import { DYNAMIC_SETTINGS_ID, Timeline, type TimelineEvent } from './timeline.js';

type PermissionsMessage = ReceivedMessage<PermissionsPayload, MemberAuthentication>;
type SettingsMessage = ReceivedMessage<DynamicSettings, MemberAuthentication>;

/** Which of its policies a kind of message follows from now on. */
export type DynamicSettings = readonly { readonly messageId: number; readonly index: number }[];

interface Need {
  readonly messageId: number;
  readonly permission: Permission;
}

const RESOLUTION_LETTER = 'r'.charCodeAt(0);

/** Per policy: message id (1), the letter r (1), index (1). */
export const dynamicSettingsPayload: Codec<DynamicSettings> = {
  write(writer, policies) {
    if (policies.length === 0) throw new RangeError('no policies');
    for (const { messageId, index } of policies) {
      writer.uint8(messageId);
      writer.uint8(RESOLUTION_LETTER);
      writer.uint8(index);
    }
  },
  read(reader) {
    const policies: { messageId: number; index: number }[] = [];
    while (reader.remaining > 0) {
      const messageId = uint8.read(reader);
      if (reader.uint8() !== RESOLUTION_LETTER) reader.fail('unknown kind of policy');
      policies.push({ messageId, index: uint8.read(reader) });
    }
    if (policies.length === 0) reader.fail('no policies');
    return policies;
  },
};

const PERMISSION_POLICIES = {
  authentication: memberAuthentication(),
  resolution: publicResolution(),
  distribution: fullSyncDistribution({ sequenceNumbers: true, priority: 128 }),
  destination: communityDestination(10),
} as const;

/**
 * Authorize, revoke and dynamic-settings messages, and what follows from them: whether a message is permitted, and that
 * messages which are stored already stand or fall when the past turns out to be another one.
 */
export class Permissions {
  readonly timeline: Timeline;
  readonly #community: Community;

  readonly #authorize = new MetaMessage({
    ...PERMISSION_POLICIES,
    id: 243,
    name: 'authorize',
    payload: permissionsPayload,
    check: (message: PermissionsMessage) => this.#checkChange(message),
    handle: (message: PermissionsMessage) => this.#apply(message),
    undo: (message: PermissionsMessage) => this.#retract(message),
  });

  readonly #revoke = new MetaMessage({
    ...PERMISSION_POLICIES,
    id: 242,
    name: 'revoke',
    payload: permissionsPayload,
    check: (message: PermissionsMessage) => this.#checkChange(message),
    handle: (message: PermissionsMessage) => this.#apply(message),
    undo: (message: PermissionsMessage) => this.#retract(message),
  });

  readonly #dynamicSettings = new MetaMessage({
    id: DYNAMIC_SETTINGS_ID,
    name: 'dynamic-settings',
    authentication: memberAuthentication(),
    resolution: linearResolution(),
    distribution: fullSyncDistribution({ sequenceNumbers: true, direction: 'DESC', priority: 191 }),
    destination: communityDestination(10),
    payload: dynamicSettingsPayload,
    check: (message: SettingsMessage) => this.#checkSettings(message),
    handle: (message: SettingsMessage) => this.#apply(message),
    undo: (message: SettingsMessage) => this.#retract(message),
  });

  readonly messages: readonly MetaMessage[] = [this.#authorize, this.#revoke, this.#dynamicSettings];

  constructor(community: Community) {
    this.#community = community;
    this.timeline = new Timeline(community.masterMember.mid);
  }

  /** Reads what an earlier session stored. */
  load(): void {
    const { archive } = this.#community;
    for (const { id } of this.messages) {
      for (const stored of archive.store.between(id, 0n, this.#community.globalTime)) {
        const message = archive.load(stored);
        if (message !== undefined && stored.undone <= 0n) this.timeline.add(this.#eventOf(message));
      }
    }
  }

  /** Whether the message's members were permitted to send it, under the policy in force at its time. */
  check(message: ReceivedMessage): Verdict {
    const { meta, member, globalTime, candidate, policyIndex } = message;
    if (member === undefined || meta.resolution.kind === 'public') return undefined;
    // What that one undoes may not be here yet, and its own check asks for it first.
    if (this.#community.undos.isUndoOther(message)) return undefined;
    if (this.isPermitted(message)) return undefined;
    if (meta.resolution.kind === 'dynamic' && policyIndex !== this.timeline.policyIndexAt(meta.id, globalTime)) {
      // One of us does not know of a switch; if it is the sender, this teaches it.
      const proof = this.timeline.policyProof(meta.id, globalTime);
      if (proof !== undefined) this.#community.outbox.answers.send('correction', proof, candidate);
      return delayByProof(member, globalTime, 'policy');
    }
    const isPermitted = ({ mid }: Member) => this.timeline.isPermitted(mid, meta.id, 'permit', globalTime);
    return delayByProof(
      member,
      globalTime,
      membersOf(message).find((each) => !isPermitted(each)),
    );
  }

  /** What `check` asks, of any message. */
  isPermitted(message: Message): boolean {
    const { meta, globalTime, policyIndex } = message;
    const event = this.#isChange(message) ? this.#eventOf(message) : undefined;
    if (event !== undefined && !this.timeline.mayChange(event)) return false;
    const { undos } = this.#community;
    if (undos.isUndoOther(message)) {
      const kind = undos.targetKindOf(message);
      return kind !== undefined && this.#mayAll(message, kind.id, 'undo');
    }
    let { resolution } = meta;
    if (resolution.kind === 'dynamic') {
      if (policyIndex !== this.timeline.policyIndexAt(meta.id, globalTime)) return false;
      resolution = resolution.policies[policyIndex] ?? resolution;
    }
    if (resolution.kind === 'public') return true;
    return this.#mayAll(message, meta.id, 'permit');
  }

  /** The packets that show why a stored message was permitted, in the order in which they are understood. */
  proofsOf(message: Message): readonly Buffer[] {
    return this.#proofsFor(membersOf(message), this.#needs(message), message);
  }

  /** A message that had no effect, as it was not permitted, was undone or is here no more: it cannot come to have one. */
  forget(message: Message): void {
    const event = message.member && this.timeline.find(message.member.mid, message.globalTime);
    if (event !== undefined) this.timeline.remove(event);
  }

  createAuthorize(grants: readonly PermissionGrant[], signer: Member): Message {
    return this.#community.create(this.#authorize, permissionsFrom(grants), { member: signer });
  }

  createRevoke(grants: readonly PermissionGrant[], signer: Member): Message {
    return this.#community.create(this.#revoke, permissionsFrom(grants), { member: signer });
  }

  createDynamicSettings(policies: DynamicSettings, signer: Member): Message {
    const unknown = policies.find((each) => !this.#isSwitchable(each));
    if (unknown !== undefined)
      throw new GumbyError(
        'PARAMETER_INVALID',
        `message ${unknown.messageId} has no policy ${unknown.index} to be switched to: name a message of dynamic ` +
          'resolution, and the index of one of its policies',
        { context: { id: unknown.messageId, index: unknown.index } },
      );
    return this.#community.create(this.#dynamicSettings, policies, { member: signer });
  }

  sendProofs(message: Message, asker: Address): void {
    for (const packet of this.proofsOf(message)) this.#community.outbox.answers.send('proof', packet, asker);
  }

  /** Of a message that nobody stores only its time is known: these are the proofs for all that it may have been. */
  sendDirectProofs(member: Member, globalTime: bigint, asker: Address): void {
    const packets = [...this.#community.messages]
      .filter(({ meta }) => meta.distribution.kind === 'direct' && meta.resolution.kind !== 'public')
      .flatMap(({ meta }) =>
        this.#proofsFor([member], [{ messageId: meta.id, permission: 'permit' }], { meta, globalTime }),
      );
    for (const packet of new Set(packets)) this.#community.outbox.answers.send('proof', packet, asker);
  }

  #mayAll(message: Message, messageId: number, permission: Permission): boolean {
    const { globalTime } = message;
    return membersOf(message).every(({ mid }) => this.timeline.isPermitted(mid, messageId, permission, globalTime));
  }

  #isChange({ meta }: Message): boolean {
    return meta === this.#authorize || meta === this.#revoke || meta === this.#dynamicSettings;
  }

  #proofsFor(
    members: readonly Member[],
    needs: readonly Need[],
    { meta, globalTime }: Pick<Message, 'meta' | 'globalTime'>,
  ): readonly Buffer[] {
    const packets = new Set<Buffer>();
    if (meta.resolution.kind === 'dynamic') {
      const proof = this.timeline.policyProof(meta.id, globalTime);
      if (proof !== undefined) packets.add(proof);
    }
    for (const { mid } of members) {
      for (const { messageId, permission } of needs)
        for (const packet of this.timeline.proofs(mid, messageId, permission, globalTime)) packets.add(packet);
    }
    return [...packets];
  }

  /** The permissions that the members of a message must have had. */
  #needs(message: Message): readonly Need[] {
    const { meta, payload } = message;
    if (meta === this.#authorize || meta === this.#revoke) {
      const permission = meta === this.#authorize ? 'authorize' : 'revoke';
      return (payload as PermissionsPayload).flatMap(({ permissions }) =>
        permissions.map(({ messageId }) => ({ messageId, permission }) as const),
      );
    }
    const undone = this.#community.undos.targetKindOf(message);
    if (undone !== undefined) return [{ messageId: undone.id, permission: 'undo' }];
    return [{ messageId: meta.id, permission: 'permit' }];
  }

  #eventOf(message: Message): TimelineEvent {
    const { meta, member, globalTime, packet, payload } = message;
    const mid = (member as Member).mid;
    if (meta === this.#dynamicSettings)
      return { mid, globalTime, packet, change: { kind: 'dynamic-settings', policies: payload as DynamicSettings } };
    const grants = (payload as PermissionsPayload).flatMap(({ publicKey, permissions }) => {
      const granted = createHash('sha1').update(publicKey).digest();
      return permissions.map((each) => ({ mid: granted, ...each }));
    });
    const kind = meta === this.#authorize ? 'authorize' : 'revoke';
    return { mid, globalTime, packet, change: { kind, grants } };
  }

  #checkChange(message: PermissionsMessage): Verdict {
    return this.isPermitted(message) ? undefined : delayByProof(message.member, message.globalTime);
  }

  #checkSettings({ payload }: SettingsMessage): Verdict {
    return payload.every((each) => this.#isSwitchable(each)) ? undefined : drop('invalid dynamic settings');
  }

  #isSwitchable({ messageId, index }: DynamicSettings[number]): boolean {
    const resolution = this.#community.messages.byId(messageId)?.meta.resolution;
    return resolution?.kind === 'dynamic' && resolution.policies[index] !== undefined;
  }

  #apply(message: PermissionsMessage | SettingsMessage): void {
    // It may be here already, as without effect: then it just turned out to be permitted.
    const known = this.timeline.find(message.member.mid, message.globalTime);
    const event = known ?? this.#eventOf(message);
    if (known === undefined) this.timeline.add(event);
    this.#reconsider(message.globalTime);
    this.#wakeFor(event);
  }

  #retract({ member, globalTime }: PermissionsMessage | SettingsMessage): void {
    const event = this.timeline.find(member.mid, globalTime);
    if (event === undefined) return;
    // One that is not permitted stays there without effect: it may come to be.
    if (this.#community.archive.store.get(member.mid, globalTime)?.undone !== NOT_PERMITTED) {
      this.timeline.remove(event);
      this.#reconsider(globalTime);
    }
    this.#wakeFor(event);
  }

  /** Resumes what may be permitted now that this event came or went. */
  #wakeFor({ change }: TimelineEvent): void {
    if (change.kind === 'dynamic-settings') this.#community.wake(POLICY_KEY);
    else for (const { mid } of change.grants) this.#community.wake(proofKey(mid));
  }

  /** Lets every stored message after this time stand or fall as the timeline is now. */
  #reconsider(since: bigint): void {
    const { archive, globalTime, messages } = this.#community;
    if (globalTime <= since) return;
    for (const { meta } of [...messages]) {
      const isConcerned = meta.resolution.kind !== 'public' || this.messages.includes(meta);
      if (!isConcerned || meta.distribution.kind === 'direct') continue;
      for (const { mids, globalTime: time } of archive.store.between(meta.id, since + 1n, globalTime))
        this.reconsiderOne(mids[0] as Buffer, time);
    }
  }

  /** Lets a stored message stand or fall as the timeline is now. */
  reconsiderOne(mid: Buffer, globalTime: bigint): void {
    const { archive, undos } = this.#community;
    // What another one, reconsidered before it, has changed in turn is not to be changed once more.
    const stored = archive.store.get(mid, globalTime);
    if (stored === undefined || stored.undone > 0n) return;
    const message = archive.load(stored);
    // What it undid may have been replaced by newer messages since; that says nothing about its permission.
    if (message === undefined || (undos.isUndoOther(message) && undos.targetKindOf(message) === undefined)) return;
    const stands = stored.undone === 0n;
    if (this.isPermitted(message) === stands) return;
    archive.store.setUndone(mid, globalTime, stands ? NOT_PERMITTED : 0n);
    this.#community.takeBackOrRedo(message, stands);
  }
}
