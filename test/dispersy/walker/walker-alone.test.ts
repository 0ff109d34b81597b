import test from 'ava';
import { CandidateTable } from '../../../src/dispersy/candidate/candidate-table.js';
import { OwnAddresses } from '../../../src/dispersy/candidate/own-addresses.js';
import { Walker } from '../../../src/dispersy/walker/walker.js';
import { type Address, addressKey } from '../../../src/network/address.js';
import { ManualClock } from '../../../src/runtime/manual-clock.js';
import { seededRandom } from '../../../src/runtime/random.js';
import { SilentEndpoint } from '../support/silent-endpoint.js';

test('a walker needs candidates and somebody who asks them, and no community', (t) => {
  const [clock, candidates, random] = [new ManualClock(), new CandidateTable(), seededRandom(t.title)];
  const context = { clock, random, candidates, ownAddresses: new OwnAddresses(new SilentEndpoint()) };
  const asked: string[] = [];
  const createIntroductionRequest = (address: Address) => void asked.push(addressKey(address));
  const walker = new Walker({ context, host: { createIntroductionRequest } });
  candidates.mark(candidates.at({ host: '1.2.3.4', port: 7 }), 'stumble', clock.nowMs());
  walker.start();
  t.deepEqual(asked, ['1.2.3.4:7']);
  // The second step is taken within 5 s, the later ones every 5 s.
  clock.advance(10_000);
  t.true(asked.length >= 2 && asked.every((key) => key === '1.2.3.4:7'), asked.join());
  const before = asked.length;
  walker.stop();
  clock.advance(60_000);
  t.is(asked.length, before);
});
