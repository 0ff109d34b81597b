import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { readCapture } from '../../../src/output/pcap/capture-reader.js';
import { CaptureWriter } from '../../../src/output/pcap/capture-writer.js';
import type { CapturedPacket } from '../../../src/output/pcap/pcapng-blocks.js';
import { GumbyError } from '../../../src/runtime/errors.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { packet } from './packets.js';

const NAMES = ['instance 1', 'instance 22', 'tracker 1', 'instance 333'];

/** Writes packets, each with its interface; interfaces are described when they are needed first. */
function write(file: string, packets: readonly CapturedPacket[]): void {
  const writer = new CaptureWriter(file);
  for (const each of packets) writer.note({ ...each, interfaceId: writer.interfaceOf(nameOf(each)) });
  writer.close();
}

function nameOf({ interfaceId }: CapturedPacket): string {
  return NAMES[interfaceId] as string;
}

function read(file: string) {
  return readCapture(file).packets.map((each) => ({ ...each, payload: Uint8Array.from(each.payload) }));
}

function expected(packets: readonly CapturedPacket[]) {
  return packets.map(({ interfaceId, ...each }) => ({ ...each, interfaceName: NAMES[interfaceId] as string }));
}

const packets = fc.array(packet, { maxLength: 12 });

test('whatever is written is read back', async (t) => {
  const file = join(await temporaryDirectory(t), 'capture');
  fc.assert(
    fc.property(packets, (each) => {
      write(file, each);
      t.deepEqual(read(file), expected(each));
      t.deepEqual(readCapture(file).interfaces, [...new Set(each.map(nameOf))]);
    }),
  );
});

test('a file that ends anywhere has all packets that are whole in it, and nothing else', async (t) => {
  const file = join(await temporaryDirectory(t), 'capture');
  fc.assert(
    fc.property(packets, fc.double({ min: 0, max: 1, noNaN: true }), (each, share) => {
      write(file, each);
      const whole = readFileSync(file);
      const length = Math.floor(share * whole.length);
      writeFileSync(file, whole.subarray(0, length));
      const kept = read(file);
      t.deepEqual(kept, expected(each).slice(0, kept.length));
      // What is missing is no more than what was cut off: the rest has the blocks that were read, and less than one more.
      write(file, each.slice(0, kept.length));
      t.true(kept.length === 0 || statSync(file).size <= length);
      if (kept.length < each.length) {
        write(file, each.slice(0, kept.length + 1));
        t.true(statSync(file).size > length);
      }
    }),
  );
});

test('bytes that are no capture are read to their end, and have nothing in them', async (t) => {
  const file = join(await temporaryDirectory(t), 'capture');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      writeFileSync(file, bytes);
      t.deepEqual(readCapture(file), { interfaces: [], packets: [] });
      write(file, []);
      writeFileSync(file, Buffer.concat([readFileSync(file), bytes]));
      t.deepEqual(readCapture(file).packets, []);
    }),
  );
});

test('packets are gathered, and are in the file as soon as they are flushed', async (t) => {
  const file = join(await temporaryDirectory(t), 'capture');
  const writer = new CaptureWriter(file);
  t.teardown(() => writer.close());
  const at = { host: '10.0.0.1', port: 1 };
  const note = (length: number) =>
    writer.note({
      interfaceId: writer.interfaceOf('instance 1'),
      timeUs: 1,
      direction: 'outbound',
      source: at,
      destination: at,
      payload: Buffer.alloc(length),
    });
  note(100);
  t.is(statSync(file).size, 0);
  writer.flush();
  t.is(readCapture(file).packets.length, 1);
  // The buffer has room for two packets of the greatest length.
  for (let count = 0; count < 10; count++) note(65_507);
  t.is(readCapture(file).packets.length, 9);
});

test('a capture that cannot be written is an error that names its file', (t) => {
  const error = t.throws(() => new CaptureWriter('/no-such-directory/capture'), { instanceOf: GumbyError });
  t.is(error.code, 'OUTPUT_WRITE_FAILED');
  t.regex(error.message, /cannot write \/no-such-directory\/capture: ENOENT/);
});
