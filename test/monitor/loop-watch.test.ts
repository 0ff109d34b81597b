import test from 'ava';
import { LoopWatch, type WatchedInstance } from '../../src/monitor/loop-watch.js';
import { ManualClock } from '../../src/runtime/manual-clock.js';
import { InstanceGauges } from '../../src/statistics/instance-gauges.js';

/** A thread whose event loop idles, stands still, or is always busy and yet turns. */
class FakeThread implements WatchedInstance {
  readonly gauges = new InstanceGauges();
  isUp = true;
  requests = 0;
  readonly #clock: ManualClock;
  #idleMs = 0;
  #accountedMs = 0;
  #mode: 'idle' | 'blocked' | 'busy' = 'idle';

  constructor(
    readonly id: number,
    clock: ManualClock,
  ) {
    this.#clock = clock;
  }

  get loopIdleMs(): number {
    return this.#account();
  }

  #account(): number {
    if (this.#mode === 'idle') this.#idleMs += this.#clock.nowMs() - this.#accountedMs;
    this.#accountedMs = this.#clock.nowMs();
    return this.#idleMs;
  }

  become(mode: 'idle' | 'blocked' | 'busy'): void {
    this.#account();
    this.#mode = mode;
    if (mode !== 'blocked') this.#answer();
  }

  requestLook(): void {
    this.requests++;
    if (this.#mode !== 'blocked') this.#answer();
  }

  #answer(): void {
    this.gauges.set('lookedMs', this.#clock.nowMs());
  }
}

function watched() {
  const clock = new ManualClock();
  clock.advance(1000);
  const thread = new FakeThread(1, clock);
  const watch = new LoopWatch([thread], { clock });
  watch.start();
  clock.advance(500);
  return { clock, thread, watch, silenceMs: () => watch.take().get(1) ?? Number.NaN };
}

test('an idle loop is silent for no time, and is not woken to find that out', (t) => {
  const { clock, thread, silenceMs } = watched();
  clock.advance(10_000);
  t.is(silenceMs(), 0);
  t.is(thread.requests, 0);
});

test('a loop that stands still is measured to within a poll, wherever in a look its silence lies', (t) => {
  for (const lengthMs of [200, 620, 3333, 8000])
    for (const phaseMs of [0, 13, 49]) {
      const { clock, thread, silenceMs } = watched();
      clock.advance(phaseMs);
      thread.become('blocked');
      clock.advance(lengthMs);
      thread.become('idle');
      clock.advance(400);
      const measured = silenceMs();
      t.true(Math.abs(measured - lengthMs) <= 50, `${lengthMs} ms from ${phaseMs} ms on: measured ${measured} ms`);
      t.is(silenceMs(), 0, 'it is told once');
    }
});

test('a silence is seen while it lasts, and grows from look to look', (t) => {
  const { clock, thread, silenceMs } = watched();
  thread.become('blocked');
  const seen = [1, 2, 3].map(() => {
    clock.advance(1000);
    return silenceMs();
  });
  t.true(
    seen.every((ms, index) => Math.abs(ms - 1000 * (index + 1)) <= 50),
    seen.join(' '),
  );
});

test('a loop that is never idle and yet turns is not taken for one that stands still', (t) => {
  const { clock, thread, silenceMs } = watched();
  thread.become('busy');
  clock.advance(10_000);
  const measured = silenceMs();
  t.true(measured <= 100, `${measured} ms: two polls`);
  t.true(thread.requests > 50, 'it was asked all the time');
});

test('a thread that has worked is asked to look, though it idles between', (t) => {
  const { clock, thread } = watched();
  for (let turn = 0; turn < 5; turn++) {
    thread.become('busy');
    clock.advance(10);
    thread.become('idle');
    clock.advance(40);
  }
  t.true(thread.requests >= 1 && thread.requests <= 3, String(thread.requests));
});

test('an instance that has ended is not called silent', (t) => {
  const { clock, thread, silenceMs } = watched();
  thread.become('blocked');
  thread.isUp = false;
  clock.advance(5000);
  t.is(silenceMs(), 0);
});
