import type { Random } from '../../runtime/random.js';
import { SortedMessages } from './sorted-messages.js';
import type { Store, StoredMessage, SyncDirection, SyncRange } from './store.js';

/** A store that lives as long as its community does. */
export class MemoryStore implements Store {
  readonly #byKey = new Map<string, StoredMessage>();
  readonly #byKind = new Map<number, SortedMessages>();
  readonly #byMembers = new Map<string, SortedMessages>();
  /** The synced messages that are not undone. */
  readonly #synced = new SortedMessages();
  #latestGlobalTime = 0n;

  get size(): number {
    return this.#byKey.size;
  }

  get syncedCount(): number {
    return this.#synced.length;
  }

  get latestGlobalTime(): bigint {
    return this.#latestGlobalTime;
  }

  add(message: StoredMessage): void {
    const { mids, globalTime, messageId } = message;
    this.#byKey.set(keyOf(firstOf(mids), globalTime), message);
    listOf(this.#byKind, messageId).add(message);
    listOf(this.#byMembers, membersKey(messageId, mids)).add(message);
    if (isHandedOut(message)) this.#synced.add(message);
    if (globalTime > this.#latestGlobalTime) this.#latestGlobalTime = globalTime;
  }

  get(mid: Buffer, globalTime: bigint): StoredMessage | undefined {
    return this.#byKey.get(keyOf(mid, globalTime));
  }

  delete(mid: Buffer, globalTime: bigint): void {
    const message = this.get(mid, globalTime);
    if (message === undefined) return;
    this.#byKey.delete(keyOf(mid, globalTime));
    this.#byKind.get(message.messageId)?.delete(message);
    const key = membersKey(message.messageId, message.mids);
    const ofMembers = this.#byMembers.get(key);
    ofMembers?.delete(message);
    if (ofMembers?.length === 0) this.#byMembers.delete(key);
    this.#synced.delete(message);
  }

  setUndone(mid: Buffer, globalTime: bigint, undone: bigint): boolean {
    const message = this.get(mid, globalTime);
    if (message === undefined) return false;
    this.delete(mid, globalTime);
    this.add({ ...message, undone });
    return true;
  }

  lastSequenceNumber(messageId: number, mid: Buffer): number {
    const messages = this.#byMembers.get(membersKey(messageId, [mid]));
    return messages?.at(messages.length - 1)?.sequenceNumber ?? 0;
  }

  bySequenceNumber(messageId: number, mid: Buffer, low: number, high: number): StoredMessage[] {
    const messages = this.#byMembers.get(membersKey(messageId, [mid]));
    if (messages === undefined) return [];
    // Messages with sequence numbers are stored without gaps, from 1 on, in the order of their global times.
    const first = messages.at(0)?.sequenceNumber ?? 1;
    return messages.slice(Math.max(0, low - first), Math.max(0, high - first + 1));
  }

  byMembers(messageId: number, mids: readonly Buffer[]): StoredMessage[] {
    const messages = this.#byMembers.get(membersKey(messageId, mids));
    return messages?.slice(0, messages.length) ?? [];
  }

  *inRange(
    messageId: number,
    { timeLow, timeHigh, modulo, offset }: SyncRange,
    direction: SyncDirection,
    random: Random,
  ): Iterable<StoredMessage> {
    const messages = this.#byKind.get(messageId);
    if (messages === undefined) return;
    const [from, to] = [messages.indexFrom(timeLow), messages.indexAfter(timeHigh)];
    for (const index of indexes(from, to, direction, random)) {
      const message = messages.at(index) as StoredMessage;
      if (message.undone === 0n && isPart(message, modulo, offset)) yield message;
    }
  }

  between(messageId: number, timeLow: bigint, timeHigh: bigint): StoredMessage[] {
    const messages = this.#byKind.get(messageId);
    return messages?.slice(messages.indexFrom(timeLow), messages.indexAfter(timeHigh)) ?? [];
  }

  syncedFrom(timeLow: bigint, count: number): StoredMessage[] {
    const from = this.#synced.indexFrom(timeLow);
    return this.#synced.slice(from, from + count);
  }

  syncedDownFrom(timeHigh: bigint, count: number): StoredMessage[] {
    const to = this.#synced.indexAfter(timeHigh);
    return this.#synced.slice(Math.max(0, to - count), to).reverse();
  }

  syncedModulo(modulo: number, offset: number): StoredMessage[] {
    return this.#synced.slice(0, this.#synced.length).filter((message) => isPart(message, modulo, offset));
  }

  deleteUpTo(messageId: number, globalTime: bigint): number {
    const old = this.between(messageId, 0n, globalTime);
    for (const message of old) this.delete(firstOf(message.mids), message.globalTime);
    return old.length;
  }

  clear(): void {
    this.#byKey.clear();
    this.#byKind.clear();
    this.#byMembers.clear();
    this.#synced.clear();
  }

  close(): void {}
}

function isHandedOut({ isSynced, undone }: StoredMessage): boolean {
  return isSynced && undone === 0n;
}

function isPart({ globalTime }: StoredMessage, modulo: number, offset: number): boolean {
  return modulo === 1 || (Number(globalTime) + offset) % modulo === 0;
}

/** The indexes from `from` to before `to`, up, down, or in any order; they are made lazily, because mostly only the first few are wanted. */
function* indexes(from: number, to: number, direction: SyncDirection, random: Random): Iterable<number> {
  if (direction === 'ASC') for (let index = from; index < to; index++) yield index;
  if (direction === 'DESC') for (let index = to - 1; index >= from; index--) yield index;
  if (direction !== 'RANDOM') return;
  // This is a shuffle that remembers only the indexes that it has moved.
  const moved = new Map<number, number>();
  for (let left = to - from; left > 0; left--) {
    const at = random.integer(0, left - 1);
    yield from + (moved.get(at) ?? at);
    moved.set(at, moved.get(left - 1) ?? left - 1);
  }
}

function listOf<K>(lists: Map<K, SortedMessages>, key: K): SortedMessages {
  const known = lists.get(key);
  if (known !== undefined) return known;
  const list = new SortedMessages();
  lists.set(key, list);
  return list;
}

function firstOf(mids: readonly Buffer[]): Buffer {
  return mids[0] as Buffer;
}

function keyOf(mid: Buffer, globalTime: bigint): string {
  return mid.toString('latin1') + globalTime.toString(36);
}

function membersKey(messageId: number, mids: readonly Buffer[]): string {
  const names = mids.map((mid) => mid.toString('latin1'));
  return `${messageId} ${names.sort().join('')}`;
}
