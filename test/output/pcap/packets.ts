import fc from 'fast-check';
import type { SocketAddress } from '../../../src/output/pcap/datagram.js';
import type { CapturedPacket, Direction } from '../../../src/output/pcap/pcapng-blocks.js';

export const socketAddress: fc.Arbitrary<SocketAddress> = fc.record({
  host: fc.ipV4(),
  port: fc.integer({ min: 0, max: 0xffff }),
});

/** Most are short; some are as long as can be. */
export const payload = fc.oneof(
  { weight: 20, arbitrary: fc.uint8Array({ maxLength: 60 }) },
  { weight: 1, arbitrary: fc.constantFrom(65_506, 65_507).map((length) => new Uint8Array(length).fill(0xff)) },
);

/** Some times are the same; the latest is in the year 2255. */
export const timeUs = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }));

export const packet: fc.Arbitrary<CapturedPacket> = fc.record({
  interfaceId: fc.integer({ min: 0, max: 3 }),
  timeUs,
  direction: fc.constantFrom<Direction>('inbound', 'outbound'),
  source: socketAddress,
  destination: socketAddress,
  payload,
});
