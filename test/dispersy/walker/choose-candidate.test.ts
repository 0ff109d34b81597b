import test from 'ava';
import { Candidate, type CandidateCategory } from '../../../src/dispersy/candidate/candidate.js';
import { chooseCandidate } from '../../../src/dispersy/walker/choose-candidate.js';
import { seededRandom } from '../../../src/runtime/random.js';

let port = 1;
function candidate(category: CandidateCategory, markedMs: number): Candidate {
  const made = new Candidate({ host: '127.0.0.1', port: port++ });
  made.mark(category, markedMs);
  return made;
}

test('steps are shared 47.5 : 47.5 : 5 among the categories, stumble and intro evenly', (t) => {
  const random = seededRandom('choose');
  const all = [candidate('walk', 0), candidate('stumble', 0), candidate('intro', 0), candidate('discovered', 0)];
  const counts: Record<string, number> = {};
  const steps = 20_000;
  for (let step = 0; step < steps; step++) {
    const category = chooseCandidate(all, 0, random)?.categoryAt(0) ?? 'none';
    counts[category] = (counts[category] ?? 0) + 1;
  }
  // Four standard deviations of a share of one half are 283 of 20,000; the seed makes it the same every time.
  for (const [category, share] of [
    ['walk', 0.475],
    ['stumble', 0.2375],
    ['intro', 0.2375],
    ['discovered', 0.05],
  ] as const)
    t.true(Math.abs((counts[category] ?? 0) - share * steps) < 283, `${category}: ${counts[category]}`);
});

test('of a category the one marked longest ago is taken, if it is eligible', (t) => {
  const random = seededRandom('oldest');
  const [newer, oldest, older] = [candidate('walk', 30), candidate('walk', 10), candidate('walk', 20)];
  t.is(chooseCandidate([newer, oldest, older], 100, random), oldest);
  oldest.stepped(100);
  t.is(chooseCandidate([newer, oldest, older], 100, random), older);
});

test('an empty category gives way to any other', (t) => {
  const random = seededRandom('empty');
  for (const category of ['walk', 'stumble', 'intro', 'discovered'] as const) {
    const only = candidate(category, 0);
    for (let step = 0; step < 50; step++) t.is(chooseCandidate([only], 0, random), only);
  }
  t.is(chooseCandidate([], 0, random), undefined);
  t.is(chooseCandidate([candidate('walk', 0)], 100_000, random), undefined);
});
