import type { Store, StoredMessage } from './store.js';

/** A store that forgets everything at once. */
export class NoStore implements Store {
  readonly size = 0;
  readonly syncedCount = 0;
  readonly latestGlobalTime = 0n;

  add(): void {}

  get(): undefined {}

  delete(): void {}

  setUndone(): boolean {
    return false;
  }

  lastSequenceNumber(): number {
    return 0;
  }

  bySequenceNumber(): StoredMessage[] {
    return [];
  }

  byMembers(): StoredMessage[] {
    return [];
  }

  inRange(): StoredMessage[] {
    return [];
  }

  between(): StoredMessage[] {
    return [];
  }

  syncedFrom(): StoredMessage[] {
    return [];
  }

  syncedDownFrom(): StoredMessage[] {
    return [];
  }

  syncedModulo(): StoredMessage[] {
    return [];
  }

  deleteUpTo(): number {
    return 0;
  }

  clear(): void {}

  close(): void {}
}
