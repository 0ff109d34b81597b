import { type Clock, every, type Timer } from '../runtime/clock.js';
import type { ThreadGauges } from '../statistics/thread-gauges.js';

/** A thread whose event loop is watched from outside. */
export interface WatchedThread {
  readonly gauges: ThreadGauges;
  readonly isUp: boolean;
  /** How long the thread's event loop has been idle in all, in milliseconds; undefined while there is no loop. */
  readonly loopIdleMs: number | undefined;
  /** Asks the thread to note its gauges, `lookedMs` among them. */
  requestLook(): void;
}

/** A silence is known to within this: short beside half a second, the shortest that a run is judged by. */
const POLL_INTERVAL_MS = 50;
/** With more threads each is polled less often, so that the watch takes no more of the machine: a poll takes some 2 µs. */
const POLLS_PER_S_MAX = 2_000;
/** Two polls that are closer than this say nothing about a loop. */
const POLL_APART_MS = 5;
/** A thread that has worked this long since its last look is asked for one, because nothing else may cause it. */
const WORK_BEFORE_LOOK_MS = 20;

/**
 * Measures from outside how long event loops stand still, whatever keeps them: a module's own loop, a timer of a library, a
 * debugger. A loop that has idled between two polls is turning. A loop that has not gets a request, which it answers
 * when it turns, by a time in shared memory. So idle threads are never woken, and a thread that stands still for ever
 * is seen while it does.
 */
export class LoopWatch {
  readonly #loops: readonly WatchedLoop[];
  readonly #clock: Clock;
  #timer: Timer | undefined;

  constructor(threads: readonly WatchedThread[], components: { readonly clock: Clock }) {
    this.#clock = components.clock;
    this.#loops = threads.map((thread) => new WatchedLoop(thread));
  }

  start(): void {
    const intervalMs = Math.max(POLL_INTERVAL_MS, (1000 * this.#loops.length) / POLLS_PER_S_MAX);
    this.#timer ??= every(this.#clock, intervalMs, () => this.#poll(), { weak: true });
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** The longest silence of each thread since the last call, in milliseconds, the present one included. */
  take(): readonly number[] {
    this.#poll();
    return this.#loops.map((loop) => loop.take());
  }

  #poll(): void {
    const nowMs = this.#clock.nowMs();
    for (const loop of this.#loops) loop.poll(nowMs);
  }
}

/** The state of one watched loop. */
class WatchedLoop {
  readonly thread: WatchedThread;
  #polledMs: number | undefined;
  #idleMs = 0;
  /** Since when the loop may have stood still; absent while it is known to turn. */
  #busySinceMs: number | undefined;
  #requestedMs: number | undefined;
  /** How long the thread has worked since its last look. */
  #workedMs = 0;
  #longestMs = 0;

  constructor(thread: WatchedThread) {
    this.thread = thread;
  }

  poll(nowMs: number): void {
    const idleMs = this.thread.isUp ? this.thread.loopIdleMs : undefined;
    const polledMs = this.#polledMs;
    if (polledMs !== undefined && nowMs - polledMs < POLL_APART_MS) return;
    const idledMs = (idleMs ?? 0) - this.#idleMs;
    this.#idleMs = idleMs ?? 0;
    this.#polledMs = idleMs === undefined ? undefined : nowMs;
    // Nothing is known of the loop before the first poll.
    if (idleMs === undefined || polledMs === undefined) {
      this.#forget();
      return;
    }
    this.#takeAnswer();
    this.#workedMs += Math.max(0, nowMs - polledMs - idledMs);
    if (idledMs > 0) this.#busySinceMs = undefined;
    else this.#busySinceMs ??= polledMs;
    if (this.#busySinceMs !== undefined && this.#requestedMs !== undefined) this.#note(nowMs - this.#busySinceMs);
    if (this.#requestedMs === undefined && (this.#busySinceMs !== undefined || this.#workedMs >= WORK_BEFORE_LOOK_MS))
      this.#request(nowMs);
  }

  take(): number {
    const longestMs = this.#longestMs;
    this.#longestMs = 0;
    return longestMs;
  }

  #request(nowMs: number): void {
    this.#requestedMs = nowMs;
    this.#workedMs = 0;
    this.thread.requestLook();
  }

  /**
   * Takes the answer to a request, if there is one: a look after the request shows that the loop has turned, and when.
   * Until then the loop may have stood still.
   */
  #takeAnswer(): void {
    if (this.#requestedMs === undefined) return;
    const lookedMs = this.thread.gauges.get('lookedMs');
    if (lookedMs < this.#requestedMs) return;
    this.#requestedMs = undefined;
    if (this.#busySinceMs === undefined) return;
    this.#note(lookedMs - this.#busySinceMs);
    this.#busySinceMs = Math.max(lookedMs, this.#busySinceMs);
  }

  #note(silenceMs: number): void {
    this.#longestMs = Math.max(this.#longestMs, silenceMs);
  }

  #forget(): void {
    this.#busySinceMs = undefined;
    this.#requestedMs = undefined;
    this.#workedMs = 0;
  }
}
