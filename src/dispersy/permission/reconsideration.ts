import type { Effects } from '../contract/effects.js';
import type { UndoLookup } from '../contract/undo-lookup.js';
import type { LamportClock } from '../community/lamport-clock.js';
import { BUILT_IN_IDS, isPermissionMessage } from '../message/built-in-ids.js';
import type { MessageRegistry } from '../message/message-registry.js';
import type { MessageArchive } from '../store/message-archive.js';
import { NOT_PERMITTED } from '../store/store.js';
import type { MessagePermissions } from './message-permissions.js';

export interface ReconsiderationComponents {
  readonly archive: Pick<MessageArchive, 'store' | 'load'>;
  readonly lamportClock: Pick<LamportClock, 'globalTime'>;
  readonly messages: MessageRegistry;
  readonly permissions: Pick<MessagePermissions, 'isPermitted'>;
  readonly undoLookup: Pick<UndoLookup, 'targetKindOf'>;
  readonly effects: Effects;
}

/** Lets messages that are stored already stand or fall when later messages change the past. */
export class Reconsideration {
  readonly #components: ReconsiderationComponents;

  constructor(components: ReconsiderationComponents) {
    this.#components = components;
  }

  /** Lets every stored message after this time stand or fall as the timeline is now. */
  reconsiderSince(since: bigint): void {
    const { archive, lamportClock, messages } = this.#components;
    const { globalTime } = lamportClock;
    if (globalTime <= since) return;
    for (const { meta } of [...messages]) {
      const isConcerned = meta.resolution.kind !== 'public' || isPermissionMessage(meta);
      if (!isConcerned || meta.distribution.kind === 'direct') continue;
      for (const { mids, globalTime: time } of archive.store.between(meta.id, since + 1n, globalTime))
        this.reconsider(mids[0] as Buffer, time);
    }
  }

  /** Lets a stored message stand or fall as the timeline is now. */
  reconsider(mid: Buffer, globalTime: bigint): void {
    const { archive, permissions, undoLookup, effects } = this.#components;
    // A message that another one, reconsidered before it, has changed in turn is not to be changed once more.
    const stored = archive.store.get(mid, globalTime);
    if (stored === undefined || stored.undone > 0n) return;
    const message = archive.load(stored);
    if (message === undefined) return;
    // The message that an undo message undid may have been replaced by newer ones since; this says nothing about the permission to undo it.
    if (message.meta.id === BUILT_IN_IDS.undoOther && undoLookup.targetKindOf(message) === undefined) return;
    const stands = stored.undone === 0n;
    if (permissions.isPermitted(message) === stands) return;
    archive.store.setUndone(mid, globalTime, stands ? NOT_PERMITTED : 0n);
    if (stands) effects.takeBack(message);
    else effects.redo(message);
  }
}
