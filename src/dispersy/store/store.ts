import type { Random } from '../../runtime/random.js';

/** The order in which messages of a kind are handed to a peer that misses them. */
export type SyncDirection = 'ASC' | 'DESC' | 'RANDOM';

/** A message as a store keeps it. */
export interface StoredMessage {
  /** The `mid`s of the members who signed it, 20 bytes each: one, or two for a double signed message. */
  readonly mids: readonly Buffer[];
  /** The global time, below 2^53: larger times are refused long before they get here. */
  readonly globalTime: bigint;
  readonly messageId: number;
  /** From 1; 0 for kinds of messages without sequence numbers. */
  readonly sequenceNumber: number;
  /** The whole packet, signature included. */
  readonly packet: Buffer;
  /** Whether bloom filter sync hands the message out. */
  readonly isSynced: boolean;
  /** 0 while the message stands; else the reason why it does not: the global time of the message that undid it, or `NOT_PERMITTED`. */
  readonly undone: bigint;
}

/** `undone` of a message that its member turned out not to have been permitted to send. */
export const NOT_PERMITTED = -1n;

/** A part of the messages of a community: those with low ≤ global time ≤ high and (global time + offset) mod modulo = 0. */
export interface SyncRange {
  readonly timeLow: bigint;
  readonly timeHigh: bigint;
  /** From 1. */
  readonly modulo: number;
  readonly offset: number;
}

/**
 * The place where a community keeps the messages that it spreads, at most one for each first member and global time. Every query
 * is synchronous; lists are copies, iterables must be used up before the store changes.
 */
export interface Store {
  /** How many messages there are, undone ones included. */
  readonly size: number;
  /** How many messages are synced and not undone. */
  readonly syncedCount: number;
  /** The highest global time of all messages; 0 without any. */
  readonly latestGlobalTime: bigint;
  /** Adds a message; the caller has made sure that `get` finds nothing for its first member and global time. */
  add(message: StoredMessage): void;
  /** The message of this (first) member at this global time. */
  get(mid: Buffer, globalTime: bigint): StoredMessage | undefined;
  delete(mid: Buffer, globalTime: bigint): void;
  /** Sets `undone`. @returns whether there is such a message */
  setUndone(mid: Buffer, globalTime: bigint, undone: bigint): boolean;
  /** The highest sequence number that this member used for this kind of message; 0 without any. */
  lastSequenceNumber(messageId: number, mid: Buffer): number;
  /** The member's messages of this kind with sequence numbers from `low` to `high`, ascending. */
  bySequenceNumber(messageId: number, mid: Buffer, low: number, high: number): StoredMessage[];
  /** All messages of this kind from exactly these members, whatever the order of the two; by global time, ascending. */
  byMembers(messageId: number, mids: readonly Buffer[]): StoredMessage[];
  /**
   * The messages of this kind within the range, undone ones left out: by global time ascending or descending, or shuffled.
   * Lazy: the caller mostly stops after a few of very many.
   */
  inRange(messageId: number, range: SyncRange, direction: SyncDirection, random: Random): Iterable<StoredMessage>;
  /** The messages of this kind within these global times, ascending, undone ones included. */
  between(messageId: number, timeLow: bigint, timeHigh: bigint): StoredMessage[];
  /** The first `count` synced, not undone messages from this global time upwards, ascending. */
  syncedFrom(timeLow: bigint, count: number): StoredMessage[];
  /** The first `count` synced, not undone messages from this global time downwards, descending. */
  syncedDownFrom(timeHigh: bigint, count: number): StoredMessage[];
  /** The synced, not undone messages of this part of a `modulo` split, ascending; of all global times. */
  syncedModulo(modulo: number, offset: number): StoredMessage[];
  /** Deletes the messages of this kind with a global time up to this one. @returns how many */
  deleteUpTo(messageId: number, globalTime: bigint): number;
  /** Deletes everything. */
  clear(): void;
  /** Closes the store; no other method may be called afterwards. */
  close(): void;
}

/** Opens the store of one community, by the community's id in hexadecimal. */
export type StoreFactory = (cid: string) => Store;
