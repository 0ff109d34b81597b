import test from 'ava';
import { peerNumbersOf } from '../../modules/peer_numbers.js';

const key = (text: string) => Buffer.from(text).toString('base64');
const candidate = (address: string, publicKey?: string) => ({
  key: address,
  member: publicKey === undefined ? undefined : { publicKey: Buffer.from(publicKey) },
});

const ALL_VARS = {
  1: { host: '127.0.0.1', port: 12001, public_key: key('one') },
  // Its own port was taken.
  2: { host: '127.0.0.1', port: 47110, public_key: key('two') },
  10: { host: '127.0.0.1', port: 12010 },
};

test('a peer is known by its key, wherever it is, and else by the address that it published', (t) => {
  const { numbers, strangers } = peerNumbersOf(
    [
      candidate('127.0.0.1:12010'),
      candidate('127.0.0.1:47110', 'two'),
      candidate('127.0.0.1:47110', 'a key of the overlay alone'),
      // Moved since, to where another one said that it was.
      candidate('127.0.0.1:12010', 'one'),
    ],
    ALL_VARS,
  );
  t.deepEqual(numbers, [1, 2, 10]);
  t.deepEqual(strangers, []);
});

test('a port that would fit a number is no number', (t) => {
  const { numbers, strangers } = peerNumbersOf([candidate('127.0.0.1:12007'), candidate('10.0.0.1:12001')], ALL_VARS);
  t.deepEqual(numbers, []);
  t.deepEqual(strangers, ['10.0.0.1:12001', '127.0.0.1:12007']);
});
