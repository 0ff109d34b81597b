import test from 'ava';
import { Reader } from '../../../src/dispersy/codec/reader.js';
import { Writer } from '../../../src/dispersy/codec/writer.js';
import { BloomFilter } from '../../../src/dispersy/sync/bloom-filter.js';
import { readSyncRequest, type SyncRequest, writeSyncRequest } from '../../../src/dispersy/sync/sync-request.js';

const TIME_MAX = 2n ** 63n - 1n;

function request(range: Partial<SyncRequest> = {}): SyncRequest {
  const filter = new BloomFilter({ bits: 20, functions: 3, prefix: 0x5a });
  filter.add(Buffer.from('packet'));
  return { timeLow: 1n, timeHigh: TIME_MAX, modulo: 1, offset: 0, filter, ...range };
}

function written(range: Partial<SyncRequest> = {}): Buffer {
  const writer = new Writer();
  writer.reset();
  writeSyncRequest(writer, request(range));
  return writer.finish(0);
}

function read(packet: Buffer) {
  const reader = new Reader(packet, 0, packet.length, 1);
  return { value: readSyncRequest(reader), failure: reader.failure, remaining: reader.remaining };
}

test('the fields stand in their order, and no upper end is a zero', (t) => {
  const bytes = request().filter.bytes.toString('hex');
  t.is(written().toString('hex'), `000000000000000100000000000000000001000003` + `00145a${bytes}`);
  t.is(bytes.length, 2 * 3);
});

test('what is read is what was written', (t) => {
  for (const range of [{}, { timeLow: 5n, timeHigh: 9n, modulo: 7, offset: 6 }]) {
    const { value, failure, remaining } = read(written(range));
    t.is(failure, undefined);
    t.is(remaining, 0);
    t.deepEqual(value, request(range));
    t.true(value?.filter.has(Buffer.from('packet')));
  }
});

test('ranges and filters that cannot be are refused', (t) => {
  const changed = (at: number, ...bytes: readonly number[]) => {
    const packet = written();
    packet.set(bytes, at);
    return read(packet).failure;
  };
  t.is(changed(7, 0), 'invalid sync request', 'time low 0');
  t.is(changed(7, 9, 0, 0, 0, 0, 0, 0, 0, 8), 'invalid sync request', 'time low above time high');
  t.is(changed(16, 0, 0), 'invalid sync request', 'modulo 0');
  t.is(changed(18, 0, 1), 'invalid sync request', 'offset as large as modulo');
  t.is(changed(20, 0), 'invalid sync request', 'no functions');
  t.is(changed(20, 33), 'invalid sync request', 'more functions than any hash yields');
  t.is(changed(21, 0, 0), 'invalid sync request', 'no bits');
  t.is(changed(21, 1, 0), 'packet is truncated', 'less bytes than bits');
  t.is(changed(7, 9, 0, 0, 0, 0, 0, 0, 0, 9), undefined);
});
