import type { Reader } from '../codec/reader.js';
import type { Writer } from '../codec/writer.js';
import { GLOBAL_TIME_MAX } from '../community/lamport-clock.js';
import type { SyncRange } from '../store/store.js';
import { BloomFilter } from './bloom-filter.js';

/** The part of an introduction-request that asks for messages: those of this range that are not in the filter. */
export interface SyncRequest extends SyncRange {
  readonly filter: BloomFilter;
}

/** Stands for a range without an upper end. */
const NO_TIME_HIGH = 0n;

/** Writes a request: time low and high (8 each), modulo, offset (2 each), functions (1), the filter's bits (2), its prefix (1), its bytes. */
export function writeSyncRequest(writer: Writer, { timeLow, timeHigh, modulo, offset, filter }: SyncRequest): void {
  writer.uint64(timeLow);
  writer.uint64(timeHigh >= GLOBAL_TIME_MAX ? NO_TIME_HIGH : timeHigh);
  writer.uint16(modulo);
  writer.uint16(offset);
  writer.uint8(filter.functions);
  writer.uint16(filter.bits);
  writer.uint8(filter.prefix);
  writer.bytes(filter.bytes);
}

/** Reads a request; fails the reader when the range is empty or no such filter can exist. */
export function readSyncRequest(reader: Reader): SyncRequest | undefined {
  const timeLow = reader.uint64();
  const timeHighOrNone = reader.uint64();
  const timeHigh = timeHighOrNone === NO_TIME_HIGH ? GLOBAL_TIME_MAX : timeHighOrNone;
  const modulo = reader.uint16();
  const offset = reader.uint16();
  const functions = reader.uint8();
  const bits = reader.uint16();
  const prefix = reader.uint8();
  const bytes = reader.bytes(Math.ceil(bits / 8));
  const isRange = timeLow >= 1n && timeLow <= timeHigh && modulo >= 1 && offset < modulo;
  if (reader.failure === undefined && !(isRange && BloomFilter.isPossible({ bits, functions })))
    reader.fail('invalid sync request');
  if (reader.failure !== undefined) return undefined;
  return { timeLow, timeHigh, modulo, offset, filter: new BloomFilter({ bits, functions, prefix }, bytes) };
}
