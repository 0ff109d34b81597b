import test from 'ava';
import fc from 'fast-check';
import type { CrossingPacket } from '../../../src/network/emulated/crossing-packet.js';
import { createExchangeMemory, PacketExchange } from '../../../src/network/emulated/packet-exchange.js';

const packet = fc.record({
  timeMs: fc.double({ min: 0, max: 1e9, noNaN: true }),
  sentMs: fc.double({ min: 0, max: 1e9, noNaN: true }),
  target: fc.integer({ min: -256, max: 100_000 }),
  source: fc.integer({ min: -256, max: 100_000 }),
  sequence: fc.nat({ max: 2 ** 40 }),
  sourcePort: fc.integer({ min: 1, max: 65_535 }),
  targetPort: fc.integer({ min: 1, max: 65_535 }),
  isInside: fc.boolean(),
  bytes: fc.uint8Array({ maxLength: 3000 }),
});

test('what one thread sends in a window, the other gets at its end, window by window', (t) => {
  fc.assert(
    fc.property(fc.array(fc.array(packet, { maxLength: 30 }), { maxLength: 6 }), (windows) => {
      const memory = createExchangeMemory(2);
      const got: CrossingPacket[] = [];
      const sender = new PacketExchange(memory, 0, () => t.fail());
      const receiver = new PacketExchange(memory, 1, (each) => got.push(each));
      for (const sent of windows) {
        got.length = 0;
        for (const each of sent) sender.send(1, each);
        t.is(sender.takeSentMs(), Math.min(Infinity, ...sent.map(({ timeMs }) => timeMs)));
        receiver.takeSentMs();
        sender.receive();
        receiver.receive();
        t.deepEqual(got, sent);
      }
    }),
    { numRuns: 50 },
  );
});

test('a window may hold more than there was room for', (t) => {
  const memory = createExchangeMemory(3);
  const got: CrossingPacket[] = [];
  const sender = new PacketExchange(memory, 2, () => t.fail());
  const receiver = new PacketExchange(memory, 1, (each) => got.push(each));
  const bytes = new Uint8Array(65_000).fill(7);
  for (let sequence = 0; sequence < 100; sequence++)
    sender.send(1, {
      timeMs: sequence,
      sentMs: 0,
      target: 1,
      source: 2,
      sequence,
      sourcePort: 1,
      targetPort: 2,
      isInside: false,
      bytes,
    });
  sender.takeSentMs();
  receiver.takeSentMs();
  receiver.receive();
  t.is(got.length, 100);
  t.true(got.every((each, index) => each.sequence === index && Buffer.from(each.bytes).equals(Buffer.from(bytes))));
});
