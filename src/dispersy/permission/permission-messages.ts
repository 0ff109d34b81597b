import { GumbyError } from '../../runtime/errors.js';
import type { LamportClock } from '../community/lamport-clock.js';
import type { Outgoing } from '../contract/outgoing.js';
import type { Waiting } from '../contract/waiting.js';
import type { Member } from '../identity/member.js';
import { BUILT_IN_IDS } from '../message/built-in-ids.js';
import type { Message, ReceivedMessage } from '../message/message.js';
import type { MessageRegistry } from '../message/message-registry.js';
import { MetaMessage } from '../message/meta-message.js';
import {
  communityDestination,
  fullSyncDistribution,
  linearResolution,
  type MemberAuthentication,
  memberAuthentication,
  publicResolution,
} from '../message/policies.js';
import { delayByProof, drop, type CheckResult } from '../message/check-result.js';
import { POLICY_KEY, proofKey } from '../missing/missing-key.js';
import type { MessageArchive } from '../store/message-archive.js';
import { NOT_PERMITTED } from '../store/store.js';
import { type DynamicSettings, dynamicSettingsPayload } from './dynamic-settings.js';
import type { MessagePermissions } from './message-permissions.js';
import { type PermissionGrant, permissionsFrom, type PermissionsPayload, permissionsPayload } from './permission.js';
import type { Reconsideration } from './reconsideration.js';
import { type PermissionEntry, permissionEntryOf } from './permission-entry.js';
import type { Timeline } from './timeline.js';

type PermissionsMessage = ReceivedMessage<PermissionsPayload, MemberAuthentication>;
type SettingsMessage = ReceivedMessage<DynamicSettings, MemberAuthentication>;

export interface PermissionMessagesComponents {
  readonly timeline: Timeline;
  readonly messages: MessageRegistry;
  readonly archive: Pick<MessageArchive, 'store' | 'load'>;
  readonly lamportClock: Pick<LamportClock, 'globalTime'>;
  readonly permissions: Pick<MessagePermissions, 'isPermitted'>;
  readonly reconsideration: Pick<Reconsideration, 'reconsiderSince'>;
  readonly outgoing: Pick<Outgoing, 'create'>;
  readonly waiting: Pick<Waiting, 'wake'>;
}

const PERMISSION_POLICIES = {
  authentication: memberAuthentication(),
  resolution: publicResolution(),
  distribution: fullSyncDistribution({ sequenceNumbers: true, priority: 128 }),
  destination: communityDestination(10),
} as const;

/** Authorize, revoke and dynamic-settings messages, which make up the timeline. */
export class PermissionMessages {
  readonly #components: PermissionMessagesComponents;

  readonly #authorize = this.#changeOf('authorize');
  readonly #revoke = this.#changeOf('revoke');

  readonly #dynamicSettings = new MetaMessage({
    id: BUILT_IN_IDS.dynamicSettings,
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

  constructor(components: PermissionMessagesComponents) {
    this.#components = components;
  }

  /** Reads what an earlier session stored. */
  load(): void {
    const { archive, lamportClock, timeline } = this.#components;
    for (const { id } of this.messages) {
      for (const stored of archive.store.between(id, 0n, lamportClock.globalTime)) {
        const message = archive.load(stored);
        if (message !== undefined && stored.undone <= 0n) timeline.add(permissionEntryOf(message));
      }
    }
  }

  createAuthorize(grants: readonly PermissionGrant[], signer: Member): Message {
    return this.#components.outgoing.create(this.#authorize, permissionsFrom(grants), { member: signer });
  }

  createRevoke(grants: readonly PermissionGrant[], signer: Member): Message {
    return this.#components.outgoing.create(this.#revoke, permissionsFrom(grants), { member: signer });
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
    return this.#components.outgoing.create(this.#dynamicSettings, policies, { member: signer });
  }

  /** Makes the message that gives permissions, or the one that takes them: both carry the same. */
  #changeOf(name: 'authorize' | 'revoke') {
    return new MetaMessage({
      ...PERMISSION_POLICIES,
      id: BUILT_IN_IDS[name],
      name,
      payload: permissionsPayload,
      check: (message: PermissionsMessage) => this.#checkChange(message),
      handle: (message: PermissionsMessage) => this.#apply(message),
      undo: (message: PermissionsMessage) => this.#retract(message),
    });
  }

  #checkChange(message: PermissionsMessage): CheckResult {
    const isPermitted = this.#components.permissions.isPermitted(message);
    return isPermitted ? undefined : delayByProof(message.member, message.globalTime);
  }

  #checkSettings({ payload }: SettingsMessage): CheckResult {
    return payload.every((each) => this.#isSwitchable(each)) ? undefined : drop('invalid dynamic settings');
  }

  #isSwitchable({ messageId, index }: DynamicSettings[number]): boolean {
    const resolution = this.#components.messages.byId(messageId)?.meta.resolution;
    return resolution?.kind === 'dynamic' && resolution.policies[index] !== undefined;
  }

  #apply(message: PermissionsMessage | SettingsMessage): void {
    const { timeline, reconsideration } = this.#components;
    // The message may be in the timeline already, without effect: then it has just turned out to be permitted.
    const known = timeline.find(message.member.mid, message.globalTime);
    const entry = known ?? permissionEntryOf(message);
    if (known === undefined) timeline.add(entry);
    reconsideration.reconsiderSince(message.globalTime);
    this.#wakeFor(entry);
  }

  #retract({ member, globalTime }: PermissionsMessage | SettingsMessage): void {
    const { timeline, archive, reconsideration } = this.#components;
    const entry = timeline.find(member.mid, globalTime);
    if (entry === undefined) return;
    // A message that is not permitted stays in the timeline without effect: it may come to be permitted.
    if (archive.store.get(member.mid, globalTime)?.undone !== NOT_PERMITTED) {
      timeline.remove(entry);
      reconsideration.reconsiderSince(globalTime);
    }
    this.#wakeFor(entry);
  }

  /** Resumes packets that may be permitted now that this entry came or went. */
  #wakeFor({ change }: PermissionEntry): void {
    const { waiting } = this.#components;
    if (change.kind === 'dynamic-settings') waiting.wake(POLICY_KEY);
    else for (const { mid } of change.grants) waiting.wake(proofKey(mid));
  }
}
