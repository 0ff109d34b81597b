import type { Answering } from '../contract/answering.js';
import type { UndoLookup } from '../contract/undo-lookup.js';
import type { Member } from '../identity/member.js';
import { BUILT_IN_IDS, isPermissionMessage } from '../message/built-in-ids.js';
import { membersOf, type Message, type ReceivedMessage } from '../message/message.js';
import { delayByProof, type CheckResult } from '../message/check-result.js';
import type { Permission } from './permission.js';
import { permissionEntryOf } from './permission-entry.js';
import type { Timeline } from './timeline.js';

export interface MessagePermissionsComponents {
  readonly timeline: Timeline;
  readonly undoLookup: Pick<UndoLookup, 'targetKindOf'>;
  readonly answering: Pick<Answering, 'send'>;
}

/** Whether the members of a message were permitted to send it, under the policy in force at its time. */
export class MessagePermissions {
  readonly #components: MessagePermissionsComponents;

  constructor(components: MessagePermissionsComponents) {
    this.#components = components;
  }

  /** Lets a message that was received pass, or lets it wait for the proof that it lacks. */
  check(message: ReceivedMessage): CheckResult {
    const { meta, member, globalTime, candidate, policyIndex } = message;
    if (member === undefined || meta.resolution.kind === 'public') return undefined;
    // The message that an undo-other message undoes may not be here yet, and its own check asks for it first.
    if (meta.id === BUILT_IN_IDS.undoOther) return undefined;
    if (this.isPermitted(message)) return undefined;
    const { timeline, answering } = this.#components;
    if (meta.resolution.kind === 'dynamic' && policyIndex !== timeline.policyIndexAt(meta.id, globalTime)) {
      // The sender or we do not know of a switch of policies; if it is the sender, this teaches it.
      const proof = timeline.policyProof(meta.id, globalTime);
      if (proof !== undefined) answering.send('correction', proof, candidate);
      return delayByProof(member, globalTime, 'policy');
    }
    const isPermitted = ({ mid }: Member) => timeline.isPermitted(mid, meta.id, 'permit', globalTime);
    return delayByProof(
      member,
      globalTime,
      membersOf(message).find((each) => !isPermitted(each)),
    );
  }

  /** Whether the members of any message were permitted to send it. */
  isPermitted(message: Message): boolean {
    const { timeline, undoLookup } = this.#components;
    const { meta, globalTime, policyIndex } = message;
    if (isPermissionMessage(meta) && !timeline.mayChange(permissionEntryOf(message))) return false;
    if (meta.id === BUILT_IN_IDS.undoOther) {
      const kind = undoLookup.targetKindOf(message);
      return kind !== undefined && this.#mayAll(message, kind.id, 'undo');
    }
    let { resolution } = meta;
    if (resolution.kind === 'dynamic') {
      if (policyIndex !== timeline.policyIndexAt(meta.id, globalTime)) return false;
      resolution = resolution.policies[policyIndex] ?? resolution;
    }
    if (resolution.kind === 'public') return true;
    return this.#mayAll(message, meta.id, 'permit');
  }

  #mayAll(message: Message, messageId: number, permission: Permission): boolean {
    const { timeline } = this.#components;
    const { globalTime } = message;
    return membersOf(message).every(({ mid }) => timeline.isPermitted(mid, messageId, permission, globalTime));
  }
}
