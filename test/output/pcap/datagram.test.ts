import test from 'ava';
import fc from 'fast-check';
import { DATAGRAM_HEADER_BYTES, type Datagram, readDatagram, writeDatagram } from '../../../src/output/pcap/datagram.js';
import { payload, socketAddress } from './packets.js';

const datagram = fc.record({ source: socketAddress, destination: socketAddress, payload });

function bytesOf(each: Datagram, start = 0): Buffer {
  const target = Buffer.alloc(start + DATAGRAM_HEADER_BYTES + each.payload.length, 0xee);
  const end = writeDatagram(target, start, each);
  if (end !== target.length) throw new Error(`${end} bytes were written, not ${target.length}`);
  return target.subarray(start);
}

test('what is written is read back, wherever it stands', (t) => {
  fc.assert(
    fc.property(datagram, fc.integer({ min: 0, max: 5 }), (each, start) => {
      const read = readDatagram(bytesOf(each, start));
      t.deepEqual(read && { ...read, payload: Uint8Array.from(read.payload) }, each);
    }),
  );
});

test('headers are as a wire has them', (t) => {
  const source = { host: '192.168.0.1', port: 53 };
  const destination = { host: '192.168.0.199', port: 59_772 };
  // The header of a real packet, which many texts on the checksum of IPv4 add up.
  const header = '45000073000040004011b861c0a80001c0a800c7';
  const bytes = bytesOf({ source, destination, payload: Buffer.alloc(87) });
  t.is(bytes.toString('hex', 0, 20), header);
  t.is(bytes.toString('hex', 20, 26), '0035e97c005f');
});

test('the checksum of UDP has the addresses in it, and fills up an odd byte', (t) => {
  const source = { host: '192.168.0.31', port: 1087 };
  const destination = { host: '192.168.0.30', port: 13 };
  // c0a8 + 001f + c0a8 + 001e + 0011 + 000d + 043f + 000d + 000d + 7465 + 7374 + 2100 = 28edd, which is 8edf when carries come round; 7120 is its complement.
  t.is(bytesOf({ source, destination, payload: Buffer.from('test!') }).readUInt16BE(26), 0x7120);
});

test('a checksum that comes to 0 is written as all ones, as 0 would say that there is none', (t) => {
  const at = { host: '0.0.0.0', port: 0 };
  // The words sum up to 17, twice the length of 10, and what is missing to 0xffff.
  const bytes = bytesOf({ source: at, destination: at, payload: Buffer.of(0xff, 0xff - 17 - 10 - 10) });
  t.is(bytes.readUInt16BE(26), 0xffff);
  t.not(readDatagram(bytes), undefined);
});

test('a packet in which any byte was changed is none', (t) => {
  fc.assert(
    fc.property(datagram, fc.nat(), fc.integer({ min: 1, max: 255 }), (each, place, change) => {
      const bytes = bytesOf(each);
      const index = place % bytes.length;
      bytes[index] = (bytes[index] as number) ^ change;
      // A changed byte changes a sum by less than 0xffff, so that no change of one byte stays unseen.
      t.is(readDatagram(bytes), undefined);
    }),
  );
});

test('what is too short or too long is no packet', (t) => {
  fc.assert(
    fc.property(datagram, fc.integer({ min: 1, max: 40 }), (each, count) => {
      const bytes = bytesOf(each);
      const longer = Buffer.concat([bytes, Buffer.alloc(count)]);
      for (const other of [bytes.subarray(0, -count), longer]) t.is(readDatagram(other), undefined);
    }),
  );
});
