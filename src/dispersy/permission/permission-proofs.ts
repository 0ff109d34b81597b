import type { Address } from '../../network/address.js';
import type { Answering } from '../contract/answering.js';
import type { UndoLookup } from '../contract/undo-lookup.js';
import type { Member } from '../identity/member.js';
import { BUILT_IN_IDS } from '../message/built-in-ids.js';
import { membersOf, type Message } from '../message/message.js';
import type { MessageRegistry } from '../message/message-registry.js';
import type { Permission, PermissionsPayload } from './permission.js';
import type { Timeline } from './timeline.js';

export interface PermissionProofsComponents {
  readonly timeline: Timeline;
  readonly messages: MessageRegistry;
  readonly undoLookup: Pick<UndoLookup, 'targetKindOf'>;
  readonly answering: Pick<Answering, 'send'>;
}

/** A permission that the members of a message must have had. */
interface Need {
  readonly messageId: number;
  readonly permission: Permission;
}

/** The packets that show to others why a message was permitted. */
export class PermissionProofs {
  readonly #components: PermissionProofsComponents;

  constructor(components: PermissionProofsComponents) {
    this.#components = components;
  }

  /** The packets that show why a stored message was permitted, in the order in which they are understood. */
  proofsOf(message: Message): readonly Buffer[] {
    return this.#proofsFor(membersOf(message), this.#needs(message), message);
  }

  sendProofs(message: Message, asker: Address): void {
    for (const packet of this.proofsOf(message)) this.#components.answering.send('proof', packet, asker);
  }

  /**
   * Sends proofs for a message that is not stored. Only its time is known, so that these are the proofs for every kind
   * that it may have been.
   */
  sendDirectProofs(member: Member, globalTime: bigint, asker: Address): void {
    const { messages, answering } = this.#components;
    const packets = [...messages]
      .filter(({ meta }) => meta.distribution.kind === 'direct' && meta.resolution.kind !== 'public')
      .flatMap(({ meta }) =>
        this.#proofsFor([member], [{ messageId: meta.id, permission: 'permit' }], { meta, globalTime }),
      );
    for (const packet of new Set(packets)) answering.send('proof', packet, asker);
  }

  #proofsFor(
    members: readonly Member[],
    needs: readonly Need[],
    { meta, globalTime }: Pick<Message, 'meta' | 'globalTime'>,
  ): readonly Buffer[] {
    const { timeline } = this.#components;
    const packets = new Set<Buffer>();
    if (meta.resolution.kind === 'dynamic') {
      const proof = timeline.policyProof(meta.id, globalTime);
      if (proof !== undefined) packets.add(proof);
    }
    for (const { mid } of members) {
      for (const { messageId, permission } of needs)
        for (const packet of timeline.proofs(mid, messageId, permission, globalTime)) packets.add(packet);
    }
    return [...packets];
  }

  #needs(message: Message): readonly Need[] {
    const { meta, payload } = message;
    if (meta.id === BUILT_IN_IDS.authorize || meta.id === BUILT_IN_IDS.revoke) {
      const permission = meta.id === BUILT_IN_IDS.authorize ? 'authorize' : 'revoke';
      return (payload as PermissionsPayload).flatMap(({ permissions }) =>
        permissions.map(({ messageId }) => ({ messageId, permission }) as const),
      );
    }
    const undone = this.#components.undoLookup.targetKindOf(message);
    if (undone !== undefined) return [{ messageId: undone.id, permission: 'undo' }];
    return [{ messageId: meta.id, permission: 'permit' }];
  }
}
