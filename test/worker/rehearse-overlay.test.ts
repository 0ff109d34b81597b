import test from 'ava';
import { realClock } from '../../src/runtime/clock.js';
import { seededRandom } from '../../src/runtime/random.js';
import { rehearseOverlay } from '../../src/worker/rehearse-overlay.js';

for (const seed of [1, 2, 3])
  test(`the peers of a rehearsal meet and hear each other, whatever chance has in mind (${seed})`, async (t) => {
    await t.notThrowsAsync(rehearseOverlay(realClock, seededRandom(seed)));
  });
