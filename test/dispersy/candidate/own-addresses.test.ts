import test from 'ava';
import { OwnAddresses, VOTERS_MAX } from '../../../src/dispersy/candidate/own-addresses.js';
import type { Address } from '../../../src/network/address.js';
import { SilentEndpoint } from '../support/silent-endpoint.js';

const at = (text: string): Address => {
  const [host = '', port = ''] = text.split(':');
  return { host, port: Number(port) };
};

/** Each vote: `voter` sees us at `address`. */
function addressesOf(lan: string, ...votes: readonly (readonly [voter: string, address: string])[]) {
  const endpoint = new SilentEndpoint(at(lan));
  const own = new OwnAddresses(endpoint);
  const vote = (voter: string, address: string) => own.vote(at(address), at(voter));
  for (const [voter, address] of votes) vote(voter, address);
  return { own, vote };
}

const LAN = '192.168.1.5:7759';

test('without votes the WAN address is that of the LAN, and the connection unknown', (t) => {
  const { own } = addressesOf(LAN);
  t.deepEqual(own.wan, at(LAN));
  t.is(own.connectionType, 'unknown');
});

test('the majority of the votes tells the WAN address; where they are equal it stays', (t) => {
  const { own, vote } = addressesOf(LAN);
  vote('1.2.3.4:1', '5.6.7.8:1000');
  t.deepEqual(own.wan, at('5.6.7.8:1000'));
  vote('1.2.3.5:1', '5.6.7.8:2000');
  t.deepEqual(own.wan, at('5.6.7.8:1000'));
  vote('1.2.3.6:1', '5.6.7.8:2000');
  t.deepEqual(own.wan, at('5.6.7.8:2000'));
  vote('1.2.3.7:1', '5.6.7.8:1000');
  t.deepEqual(own.wan, at('5.6.7.8:2000'));
});

test('a voter has one vote, the last one', (t) => {
  const { own, vote } = addressesOf(LAN, ['1.2.3.4:1', '5.6.7.8:1000'], ['1.2.3.5:1', '5.6.7.8:1000']);
  for (let count = 0; count < 10; count++) vote('9.9.9.9:1', '6.6.6.6:666');
  t.deepEqual(own.wan, at('5.6.7.8:1000'));
  vote('1.2.3.4:1', '6.6.6.6:666');
  t.deepEqual(own.wan, at('6.6.6.6:666'));
  vote('1.2.3.4:1', '5.6.7.8:1000');
  vote('9.9.9.9:1', '5.6.7.8:1000');
  t.deepEqual(own.wan, at('5.6.7.8:1000'));
});

for (const [lan, voter] of [
  [LAN, '192.168.1.5:8000'],
  [LAN, '192.168.1.7:7759'],
  [LAN, '192.168.2.1:7759'],
  ['10.1.2.3:7759', '10.200.0.1:7759'],
  ['172.16.0.2:7759', '172.31.0.1:7759'],
  ['127.0.0.1:7759', '127.0.0.2:1'],
  ['5.6.7.8:7759', '5.6.7.8:1'],
] as const)
  test(`the vote of ${voter} is from inside the LAN of ${lan}`, (t) => {
    const { own } = addressesOf(lan, [voter, '9.9.9.9:1']);
    t.deepEqual(own.wan, at(lan));
    t.is(own.connectionType, 'unknown');
  });

for (const [lan, voter] of [
  [LAN, '10.0.0.1:1'],
  ['172.16.0.2:7759', '172.32.0.1:1'],
  ['5.6.7.8:7759', '5.6.7.9:1'],
] as const)
  test(`the vote of ${voter} is from outside the LAN of ${lan}`, (t) => {
    t.deepEqual(addressesOf(lan, [voter, '9.9.9.9:1']).own.wan, at('9.9.9.9:1'));
  });

test('who has our own WAN host has no vote', (t) => {
  const { own, vote } = addressesOf(LAN, ['1.2.3.4:1', '5.6.7.8:1000']);
  vote('5.6.7.8:2000', LAN);
  vote('5.6.7.8:2001', LAN);
  t.deepEqual(own.wan, at('5.6.7.8:1000'));
});

test('addresses where nobody can be get no votes', (t) => {
  for (const address of ['5.6.7.8:0', '0.0.0.0:1000', '5.6.7.0:1000', '5.6.7.255:1000'])
    t.deepEqual(addressesOf(LAN, ['1.2.3.4:1', address]).own.wan, at(LAN));
});

test('public: everyone sees us at our own address', (t) => {
  const lan = '5.6.7.8:7759';
  const { own, vote } = addressesOf(lan, ['1.2.3.4:1', lan]);
  t.is(own.connectionType, 'public');
  vote('1.2.3.5:1', lan);
  t.is(own.connectionType, 'public');
  vote('1.2.3.6:1', '5.6.7.8:1000');
  t.is(own.connectionType, 'unknown');
});

test('symmetric NAT: every host sees us at other ports', (t) => {
  const { own, vote } = addressesOf(LAN, ['1.2.3.4:1', '5.6.7.8:1000']);
  t.is(own.connectionType, 'unknown');
  vote('1.2.3.5:1', '5.6.7.8:1001');
  t.is(own.connectionType, 'symmetric-NAT');
  // Another peer of the first host, through another hole or the same.
  vote('1.2.3.4:2', '5.6.7.8:1002');
  t.is(own.connectionType, 'symmetric-NAT');
  vote('1.2.3.4:3', '5.6.7.8:1000');
  t.is(own.connectionType, 'symmetric-NAT');
  vote('1.2.3.6:1', '5.6.7.8:1001');
  t.is(own.connectionType, 'unknown');
});

test('two hosts that see the same port make no symmetric NAT, whatever a third one says', (t) => {
  const { own } = addressesOf(
    LAN,
    ['1.2.3.4:1', '5.6.7.8:1000'],
    ['1.2.3.4:2', '5.6.7.8:1001'],
    ['1.2.3.5:1', '5.6.7.8:1000'],
  );
  t.is(own.connectionType, 'unknown');
});

test('symmetric NAT: five voters of one host that see us at five ports', (t) => {
  const { own, vote } = addressesOf(LAN);
  for (let port = 1; port <= 5; port++) {
    vote(`140.0.0.4:${port}`, `1.1.1.2:${port}`);
    t.is(own.connectionType, port === 1 ? 'unknown' : 'symmetric-NAT');
  }
});

test('several voters of one host that see us at one address make no symmetric NAT', (t) => {
  const { own } = addressesOf(LAN, ['1.2.3.4:1', '5.6.7.8:1000'], ['1.2.3.4:2', '5.6.7.8:1000']);
  t.is(own.connectionType, 'unknown');
});

test('symmetric NAT: one port of two hosts are two addresses', (t) => {
  const { own } = addressesOf(LAN, ['1.2.3.4:1', '5.6.7.8:1000'], ['1.2.3.5:1', '5.6.7.9:1000']);
  t.is(own.connectionType, 'symmetric-NAT');
});

test('a vote that is taken back counts no more, for the WAN address and for the connection', (t) => {
  const { own } = addressesOf(
    LAN,
    ['1.2.3.4:1', '5.6.7.8:1000'],
    ['1.2.3.5:1', '5.6.7.8:1001'],
    ['1.2.3.6:1', '5.6.7.8:1001'],
  );
  t.deepEqual([own.wan, own.connectionType], [at('5.6.7.8:1001'), 'unknown']);
  own.unvote(at('1.2.3.6:1'));
  t.deepEqual([own.wan, own.connectionType], [at('5.6.7.8:1001'), 'symmetric-NAT']);
  own.unvote(at('1.2.3.5:1'));
  t.deepEqual([own.wan, own.connectionType], [at('5.6.7.8:1000'), 'unknown']);
  // Who has no vote has none to lose.
  own.unvote(at('1.2.3.4:2'));
  t.deepEqual(own.wan, at('5.6.7.8:1000'));
  own.unvote(at('1.2.3.4:1'));
  t.deepEqual([own.wan, own.connectionType], [at(LAN), 'unknown']);
});

test('who says something impossible loses its vote', (t) => {
  const { own, vote } = addressesOf(LAN, ['1.2.3.4:1', '5.6.7.8:1000']);
  vote('1.2.3.4:1', '0.0.0.0:0');
  t.deepEqual(own.wan, at(LAN));
});

test('when too many have voted, who voted first is forgotten', (t) => {
  const { own, vote } = addressesOf(LAN);
  const voter = (index: number) => `1.2.${1 + (index >> 7)}.${1 + (index & 127)}:1`;
  for (let index = 0; index < VOTERS_MAX; index++) vote(voter(index), '5.6.7.8:1000');
  for (let index = 0; index <= VOTERS_MAX / 2; index++) vote(voter(VOTERS_MAX + index), '5.6.7.8:2000');
  t.deepEqual(own.wan, at('5.6.7.8:2000'));
});

test('peers of one WAN host meet inside, all others outside', (t) => {
  const { own } = addressesOf(LAN, ['1.2.3.4:1', '5.6.7.8:1000']);
  const [inside, outside] = [at('192.168.1.9:7759'), at('5.6.7.8:3000')];
  t.deepEqual(own.choose(inside, outside), inside);
  t.deepEqual(own.choose(inside, at('5.6.7.9:3000')), at('5.6.7.9:3000'));
  t.deepEqual(own.choose(at('0.0.0.0:0'), outside), outside);
});

test('by which address we see a peer is a fact, the other one is what it says', (t) => {
  const { own } = addressesOf(LAN);
  const [near, far] = [at('192.168.1.9:7759'), at('1.2.3.4:5000')];
  const [claimedLan, claimedWan] = [at('10.0.0.3:1'), at('7.7.7.7:1')];
  t.deepEqual(own.correct(near, claimedLan, claimedWan), { lan: near, wan: claimedWan });
  t.deepEqual(own.correct(near, claimedLan, at('0.0.0.0:0')), { lan: near, wan: near });
  t.deepEqual(own.correct(far, claimedLan, claimedWan), { lan: claimedLan, wan: far });
});
