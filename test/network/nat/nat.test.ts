import test from 'ava';
import type { Address } from '../../../src/network/address.js';
import { Nat } from '../../../src/network/nat/nat.js';
import type { NatSettings } from '../../../src/network/nat/nat-settings.js';
import { NAT_TYPES, type NatType } from '../../../src/network/nat/nat-type.js';

const SETTINGS: NatSettings = { timeoutMs: 120_000, refreshesInbound: false, hairpins: false };
const ALL_PORTS = { first: 1024, count: 64_512 };
const INSIDE = 12_000;

/** Chance that is different for each count, and the same in each run. */
const chance = (count: number): number => (count * 0.618_034) % 1;

function natOf(type: NatType, settings: Partial<NatSettings> = {}, block = ALL_PORTS): Nat {
  return new Nat(type, { ...SETTINGS, ...settings }, block, chance);
}

const PEER: Address = { host: '198.18.0.9', port: 5000 };
const SAME_HOST: Address = { host: '198.18.0.9', port: 5001 };
const STRANGER: Address = { host: '198.18.0.10', port: 5000 };

/** Who gets in after a packet to `PEER`: RFC 4787, section 5. */
const LETS_IN: Readonly<Record<NatType, readonly Address[]>> = {
  none: [PEER, SAME_HOST, STRANGER],
  'full-cone': [PEER, SAME_HOST, STRANGER],
  restricted: [PEER, SAME_HOST],
  'port-restricted': [PEER],
  symmetric: [PEER],
  firewall: [PEER],
};

for (const type of NAT_TYPES) {
  test(`${type}: who gets in after a packet went out, and for how long`, (t) => {
    const nat = natOf(type);
    for (const peer of [PEER, SAME_HOST, STRANGER])
      t.is(nat.inbound(INSIDE, peer, 0), type === 'none' ? INSIDE : undefined, 'nothing was sent yet');
    const port = nat.outbound(INSIDE, PEER, 1000) ?? 0;
    for (const peer of [PEER, SAME_HOST, STRANGER])
      t.is(
        nat.inbound(port, peer, 120_999),
        LETS_IN[type].includes(peer) ? INSIDE : undefined,
        `${peer.host}:${peer.port}`,
      );
    t.is(nat.inbound(port, PEER, 121_000), type === 'none' ? INSIDE : undefined, 'the mapping is over');
  });

  test(`${type}: under which ports others see an instance`, (t) => {
    const nat = natOf(type);
    const ports = [PEER, SAME_HOST, STRANGER, PEER].map((peer) => nat.outbound(INSIDE, peer, 0));
    const other = nat.outbound(INSIDE + 1, PEER, 0);
    if (type === 'symmetric') {
      t.is(new Set([...ports, other]).size, 4, 'a port for each destination and each inside port');
      t.is(ports[0], ports[3], 'and the same one for the same');
      t.false(ports.includes(INSIDE));
    } else {
      t.deepEqual(ports, [INSIDE, INSIDE, INSIDE, INSIDE]);
      t.is(other, INSIDE + 1);
    }
  });
}

test('packets from outside keep a mapping alive only where the settings say so', (t) => {
  for (const [refreshesInbound, insidePort] of [
    [true, INSIDE],
    [false, undefined],
  ] as const) {
    const nat = natOf('port-restricted', { refreshesInbound });
    const port = nat.outbound(INSIDE, PEER, 0) ?? 0;
    t.is(nat.inbound(port, PEER, 100_000), INSIDE);
    t.is(nat.inbound(port, PEER, 200_000), insidePort);
  }
});

test('a filter forgets each peer by itself', (t) => {
  const nat = natOf('restricted');
  nat.outbound(INSIDE, PEER, 0);
  nat.outbound(INSIDE, STRANGER, 100_000);
  t.is(nat.inbound(INSIDE, PEER, 130_000), undefined);
  t.is(nat.inbound(INSIDE, STRANGER, 130_000), INSIDE);
});

test('a port of the block is taken once, and a full block sends nothing until a mapping ends', (t) => {
  const nat = natOf('symmetric', {}, { first: 2000, count: 3 });
  const peers = Array.from({ length: 4 }, (_, index) => ({ host: '198.18.0.9', port: 6000 + index }));
  const ports = peers.map((peer, index) => nat.outbound(INSIDE, peer, index * 1000));
  t.deepEqual([...ports].sort(), [2000, 2001, 2002, undefined]);
  t.is(nat.outbound(INSIDE, peers[3] as Address, 119_999), undefined);
  t.is(nat.outbound(INSIDE, peers[3] as Address, 120_000), ports[0]);
});

test('an inside port outside of the block is mapped into it', (t) => {
  const nat = natOf('full-cone', {}, { first: 2000, count: 10 });
  t.is(nat.outbound(INSIDE, PEER, 0), 2000);
  t.is(nat.outbound(2005, PEER, 0), 2005);
  t.is(nat.outbound(INSIDE + 1, PEER, 0), 2001);
});

test('memory does not grow with the destinations of a long run', (t) => {
  const nat = natOf('symmetric');
  for (let index = 0; index < 100_000; index++)
    nat.outbound(INSIDE, { host: `10.1.${index >> 8}.${index & 255}`, port: 1 }, index * 1000);
  // 120 s hold 120 destinations; twice as many stay until the next sweep.
  t.true(nat.size <= 256, String(nat.size));
});
