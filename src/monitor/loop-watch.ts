import { type Clock, every, type Timer } from '../runtime/clock.js';
import type { InstanceGauges } from '../statistics/instance-gauges.js';

/** An instance whose event loop is watched from outside. */
export interface WatchedInstance {
  readonly id: number;
  readonly gauges: InstanceGauges;
  readonly isUp: boolean;
  /** How long the event loop of its thread has been idle in all, in milliseconds; absent while there is none. */
  readonly loopIdleMs: number | undefined;
  /** Asks the thread to note its gauges, `lookedMs` among them. */
  requestLook(): void;
}

/** A silence is known to within this: short beside half a second, the shortest that a run is judged by. */
const POLL_INTERVAL_MS = 50;
/** With more threads each is polled less often, so that the watch takes no more of the machine: some 2 µs a thread. */
const POLLS_PER_S_MAX = 2_000;
/** What a loop did in less time than this says nothing of it. */
const POLL_APART_MS = 5;
/** A thread that worked so long since it was last looked at is asked to look, since nothing else may make it. */
const WORK_BEFORE_LOOK_MS = 20;

/**
 * Measures from outside how long event loops stand still, whatever keeps them: a module's own loop, a timer of a library, a
 * debugger. A loop that has idled between two polls is turning. One that has not gets a request that it answers when it turns, by a
 * time in shared memory. So idle threads are never woken, and one that stands still for ever is seen while it does.
 */
export class LoopWatch {
  readonly #loops: readonly WatchedLoop[];
  readonly #clock: Clock;
  #timer: Timer | undefined;

  constructor(instances: readonly WatchedInstance[], components: { readonly clock: Clock }) {
    this.#clock = components.clock;
    this.#loops = instances.map((instance) => new WatchedLoop(instance));
  }

  start(): void {
    const intervalMs = Math.max(POLL_INTERVAL_MS, (1000 * this.#loops.length) / POLLS_PER_S_MAX);
    this.#timer ??= every(this.#clock, intervalMs, () => this.#poll(), { weak: true });
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** The longest silence of each instance since the last call, in milliseconds, the present one included. */
  take(): ReadonlyMap<number, number> {
    this.#poll();
    return new Map(this.#loops.map((loop) => [loop.instance.id, loop.take()]));
  }

  #poll(): void {
    const nowMs = this.#clock.nowMs();
    for (const loop of this.#loops) loop.poll(nowMs);
  }
}

/** What is known of one loop. */
class WatchedLoop {
  readonly instance: WatchedInstance;
  #polledMs: number | undefined;
  #idleMs = 0;
  /** Since when the loop may have stood still; absent while it is known to turn. */
  #busySinceMs: number | undefined;
  #requestedMs: number | undefined;
  /** Work since the last look. */
  #workedMs = 0;
  #longestMs = 0;

  constructor(instance: WatchedInstance) {
    this.instance = instance;
  }

  poll(nowMs: number): void {
    const idleMs = this.instance.isUp ? this.instance.loopIdleMs : undefined;
    const polledMs = this.#polledMs;
    if (polledMs !== undefined && nowMs - polledMs < POLL_APART_MS) return;
    const idledMs = (idleMs ?? 0) - this.#idleMs;
    this.#idleMs = idleMs ?? 0;
    this.#polledMs = idleMs === undefined ? undefined : nowMs;
    // What it did before the first poll is not known.
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
    this.instance.requestLook();
  }

  /** A look after the request shows that the loop has turned, and when: until then it may have stood still. */
  #takeAnswer(): void {
    if (this.#requestedMs === undefined) return;
    const lookedMs = this.instance.gauges.get('lookedMs');
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
