import test from 'ava';
import { Candidate, type CandidateCategory } from '../../../src/dispersy/candidate/candidate.js';
import { CANDIDATES_MAX, CandidateTable } from '../../../src/dispersy/candidate/candidate-table.js';
import { isUsableAddress } from '../../../src/dispersy/candidate/usable-address.js';

const at = (port: number) => ({ host: '127.0.0.1', port });

for (const [category, lifetimeMs] of [
  ['walk', 57_500],
  ['stumble', 57_500],
  ['intro', 27_500],
  ['discovered', 57_500],
] as const) {
  test(`a ${category} mark counts for ${lifetimeMs} ms`, (t) => {
    const candidate = new Candidate(at(1));
    candidate.mark(category, 1000);
    t.is(candidate.categoryAt(1000 + lifetimeMs - 1), category);
    t.is(candidate.categoryAt(1000 + lifetimeMs), undefined);
    t.is(candidate.isVerifiedAt(1000), category === 'walk' || category === 'stumble');
  });
}

test('the category is the best of the marks that are still fresh', (t) => {
  const candidate = new Candidate(at(1));
  candidate.mark('walk', 0);
  candidate.mark('intro', 40_000);
  t.is(candidate.categoryAt(57_499), 'walk');
  t.is(candidate.categoryAt(57_500), 'intro');
});

test('a candidate is eligible again 27.5 s after a step, a tracker after 57.5 s', (t) => {
  const [peer, tracker] = [new Candidate(at(1)), new Candidate(at(2), true)];
  peer.mark('walk', 0);
  t.true(peer.isEligibleAt(0) && tracker.isEligibleAt(0));
  peer.stepped(0);
  tracker.stepped(0);
  t.deepEqual(
    [27_499, 27_500].map((ms) => peer.isEligibleAt(ms)),
    [false, true],
  );
  t.deepEqual(
    [57_499, 57_500].map((ms) => tracker.isEligibleAt(ms)),
    [false, true],
  );
});

test('a candidate is forgotten after 180 s without a mark, a tracker never', (t) => {
  const table = new CandidateTable();
  table.addTracker(at(1));
  table.mark(table.at(at(2)), 'intro', 0);
  table.sweep(179_999);
  t.is(table.size, 2);
  table.sweep(180_000);
  t.true(table.has(at(1)));
  t.false(table.has(at(2)));
});

test('a full table makes room by one that never answered, and refuses when all did', (t) => {
  const table = new CandidateTable();
  for (let port = 1; port <= CANDIDATES_MAX; port++) table.mark(table.at(at(port)), port === 5 ? 'stumble' : 'walk', 0);
  t.true(table.mark(table.at(at(5000)), 'walk', 0));
  t.is(table.size, CANDIDATES_MAX);
  t.false(table.has(at(5)));
  t.false(table.mark(table.at(at(5001)), 'walk', 0));
  t.false(table.has(at(5001)));
});

test('everyone is introduced in turn, but not the requester, trackers, or who is not verified', (t) => {
  const table = new CandidateTable();
  table.addTracker(at(9));
  const marked = (port: number, category: CandidateCategory) => {
    const candidate = table.at(at(port));
    table.mark(candidate, category, 0);
    return candidate;
  };
  const requester = marked(1, 'walk');
  for (const port of [2, 3, 4]) marked(port, 'walk');
  marked(5, 'intro');
  const ports = Array.from({ length: 6 }, () => table.chooseIntroduction(requester, 'stumble', 0)?.port);
  t.deepEqual(ports, [2, 3, 4, 2, 3, 4]);
  marked(6, 'stumble');
  t.is(table.chooseIntroduction(requester, 'stumble', 0)?.port, 6);
  t.is(table.chooseIntroduction(requester, 'walk', 60_000), undefined);
});

test('two symmetric NATs are introduced only behind the same WAN host', (t) => {
  const table = new CandidateTable();
  const symmetric = (port: number, wanHost: string) => {
    const candidate = table.at(at(port));
    candidate.locate({ lan: at(port), wan: { host: wanHost, port } }, 'symmetric-NAT');
    table.mark(candidate, 'walk', 0);
    return candidate;
  };
  const requester = symmetric(1, '198.51.100.1');
  symmetric(2, '198.51.100.2');
  t.is(table.chooseIntroduction(requester, 'walk', 0), undefined);
  symmetric(3, '198.51.100.1');
  t.is(table.chooseIntroduction(requester, 'walk', 0)?.port, 3);
});

test('addresses where no peer can be are not usable', (t) => {
  const usable = (host: string, port: number) => isUsableAddress({ host, port });
  t.true(usable('127.0.0.1', 1));
  t.true(usable('10.0.0.250', 65_535));
  t.deepEqual(
    [usable('127.0.0.1', 0), usable('0.0.0.0', 5), usable('10.0.0.0', 5), usable('10.0.0.255', 5)],
    [false, false, false, false],
  );
});
