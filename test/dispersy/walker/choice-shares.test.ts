import test from 'ava';
import { Candidate, type CandidateCategory } from '../../../src/dispersy/candidate/candidate.js';
import { chooseCandidate } from '../../../src/dispersy/walker/choose-candidate.js';
import { seededRandom } from '../../../src/runtime/random.js';

const STEPS = 20_000;
/** Four standard deviations of a share of one half, and more of any other. */
const TOLERANCE = 283;

type Shares = Partial<Record<CandidateCategory, number>>;

/** What is to be expected of a step when there are candidates of these categories only. */
const CASES: readonly Shares[] = [
  { walk: 0.475, stumble: 0.2375, intro: 0.2375, discovered: 0.05 },
  { walk: 0.475, stumble: 0.475, discovered: 0.05 },
  { walk: 0.475, intro: 0.475, discovered: 0.05 },
  { walk: 0.95, discovered: 0.05 },
  { stumble: 0.475, intro: 0.475, discovered: 0.05 },
  { stumble: 0.95, discovered: 0.05 },
  { walk: 0.525, stumble: 0.2375, intro: 0.2375 },
  { stumble: 0.5, intro: 0.5 },
  { walk: 0.525, intro: 0.475 },
  { walk: 1 },
  { stumble: 1 },
  { intro: 1 },
  { discovered: 1 },
];

for (const shares of CASES) {
  const categories = Object.keys(shares) as CandidateCategory[];
  test(`shares of steps among ${categories.join(', ')}`, (t) => {
    const random = seededRandom(t.title);
    const candidates = categories.map((category, index) => {
      const candidate = new Candidate({ host: '127.0.0.1', port: index + 1 });
      candidate.mark(category, 0);
      return candidate;
    });
    const counts: Record<CandidateCategory, number> = { walk: 0, stumble: 0, intro: 0, discovered: 0 };
    for (let step = 0; step < STEPS; step++) {
      const category = chooseCandidate(candidates, 0, random)?.categoryAt(0);
      if (category !== undefined) counts[category]++;
    }
    for (const category of ['walk', 'stumble', 'intro', 'discovered'] as const) {
      const expected = (shares[category] ?? 0) * STEPS;
      t.true(Math.abs(counts[category] - expected) < TOLERANCE, `${category}: ${counts[category]} of ${expected}`);
    }
    t.is(
      Object.values(counts).reduce((sum, count) => sum + count, 0),
      STEPS,
    );
  });
}
