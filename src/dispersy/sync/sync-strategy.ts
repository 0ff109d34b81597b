import type { Random } from '../../runtime/random.js';
import { GLOBAL_TIME_MAX } from '../community/lamport-clock.js';
import type { Store, StoredMessage, SyncRange } from '../store/store.js';

/** The part of our messages that a filter will describe. */
export interface SyncSelection extends SyncRange {
  readonly messages: readonly StoredMessage[];
}

/**
 * Chooses the part of our messages that the next filter describes, because there may be more than one filter holds.
 * `globalTime` is the community's present time.
 */
export type SyncStrategy = (store: Store, capacity: number, globalTime: bigint, random: Random) => SyncSelection;

export type SyncStrategyName = 'largest' | 'modulo';

/**
 * Chooses as wide a range of global time as one filter can describe, near a pivot that is mostly recent: new messages
 * arrive first, and older gaps are found in time. A range that reaches our latest message has no upper end: only such a
 * range asks for messages that are newer than all of ours, so that it counts as the wider one.
 */
const largest: SyncStrategy = (store, capacity, globalTime, random) => {
  if (store.syncedCount <= capacity) return everything(store);
  const back = random.exponential(Number(globalTime) / 2);
  const pivot = back < Number(globalTime) ? globalTime - BigInt(Math.floor(back)) : 1n;
  const up = selectUp(store, pivot, capacity);
  const down = selectDown(store, pivot, capacity);
  return up.timeHigh - up.timeLow >= down.timeHigh - down.timeLow ? up : down;
};

/** Chooses every n-th global time, beginning anywhere; n is as small as the filter allows. */
const modulo: SyncStrategy = (store, capacity, _globalTime, random) => {
  if (store.syncedCount <= capacity) return everything(store);
  const parts = Math.min(Math.ceil(store.syncedCount / capacity), MODULO_MAX);
  const offset = random.integer(0, parts - 1);
  return { timeLow: 1n, timeHigh: GLOBAL_TIME_MAX, modulo: parts, offset, messages: store.syncedModulo(parts, offset) };
};

/** The largest modulo that two bytes hold. */
const MODULO_MAX = 0xffff;

export const SYNC_STRATEGIES: Readonly<Record<SyncStrategyName, SyncStrategy>> = { largest, modulo };

function everything(store: Store): SyncSelection {
  return rangeOf(1n, GLOBAL_TIME_MAX, store.syncedFrom(1n, store.syncedCount));
}

/**
 * Selects a range upwards from a time. It ends just before the first message that does not fit, so that it never cuts
 * between messages of one time – except where this time alone has more than fit.
 */
function selectUp(store: Store, timeLow: bigint, capacity: number): SyncSelection {
  const messages = store.syncedFrom(timeLow, capacity + 1);
  if (messages.length <= capacity) return rangeOf(timeLow, GLOBAL_TIME_MAX, messages);
  const next = messages[capacity] as StoredMessage;
  const whole = messages.filter(({ globalTime }) => globalTime < next.globalTime);
  if (whole.length === 0) return rangeOf(timeLow, next.globalTime, messages);
  return rangeOf(timeLow, next.globalTime - 1n, whole);
}

function selectDown(store: Store, timeHigh: bigint, capacity: number): SyncSelection {
  const messages = store.syncedDownFrom(timeHigh, capacity + 1);
  if (messages.length <= capacity) return rangeOf(1n, timeHigh, messages);
  const next = messages[capacity] as StoredMessage;
  const whole = messages.filter(({ globalTime }) => globalTime > next.globalTime);
  if (whole.length === 0) return rangeOf(next.globalTime, timeHigh, messages);
  return rangeOf(next.globalTime + 1n, timeHigh, whole);
}

function rangeOf(timeLow: bigint, timeHigh: bigint, messages: readonly StoredMessage[]): SyncSelection {
  return { timeLow, timeHigh, modulo: 1, offset: 0, messages };
}
