import { existsSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { PacketCapture } from '../../src/host/packet-capture.js';
import { readCapture } from '../../src/output/pcap/capture-reader.js';
import { ManualClock } from '../../src/runtime/manual-clock.js';
import { ALL_PEERS, type PeerSet } from '../../src/runtime/peers/peer-set.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const ONE = { host: '10.0.0.1', port: 1 };
const OTHER = { host: '10.0.0.2', port: 2 };
const SOME: PeerSet = { kind: 'some', ranges: [{ from: 2, to: 3 }] };
const EPOCH_MS = Date.UTC(2026, 0, 1);

test('packets are dated by the experiment’s clock, to the microsecond', async (t) => {
  const file = join(await temporaryDirectory(t), 'part');
  const clock = new ManualClock();
  const capture = new PacketCapture({ file, entities: ALL_PEERS, epochMs: EPOCH_MS }, t.fail);
  const instance = capture.observerOf(7, clock);
  const tracker = capture.observerOf(-1, clock);
  clock.advance(1.5);
  instance?.onSent(ONE, OTHER, Buffer.from('up'));
  clock.advance(3_600_000.0625);
  tracker?.onReceived(ONE, OTHER, Buffer.from('down'));
  instance?.onReceived(OTHER, ONE, Buffer.from('down'));
  capture.flush();
  const { interfaces, packets } = readCapture(file);
  t.deepEqual(interfaces, ['instance 7', 'tracker 1']);
  t.deepEqual(
    packets.map(({ interfaceName, direction, timeUs }) => [interfaceName, direction, timeUs - EPOCH_MS * 1000]),
    [
      ['instance 7', 'outbound', 1500],
      ['tracker 1', 'inbound', 3_600_001_563],
      ['instance 7', 'inbound', 3_600_001_563],
    ],
  );
});

test('of whom nobody asked for nothing is observed, and a thread of such instances has no file', async (t) => {
  const file = join(await temporaryDirectory(t), 'part');
  const capture = new PacketCapture({ file, entities: SOME, epochMs: EPOCH_MS }, t.fail);
  const clock = new ManualClock();
  const observed = [-1, 1, 2, 3, 4].filter((entity) => capture.observerOf(entity, clock) !== undefined);
  t.deepEqual(observed, [2, 3]);
  capture.flush();
  t.false(existsSync(file));
});

test('a capture that cannot be written is told once, and packets go on', (t) => {
  const told: string[] = [];
  const capture = new PacketCapture(
    { file: '/no-such-directory/part', entities: ALL_PEERS, epochMs: EPOCH_MS },
    (what, error) => told.push(`${what}: ${(error as Error).message}`),
  );
  const observer = capture.observerOf(1, new ManualClock());
  for (let count = 0; count < 3; count++) observer?.onSent(ONE, OTHER, Buffer.from('x'));
  capture.flush();
  t.is(told.length, 1);
  t.regex(told[0] ?? '', /^capturing packets: cannot write \/no-such-directory\/part: ENOENT/);
});
