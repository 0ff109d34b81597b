import { type Clock, every, type Timer } from '../../runtime/clock.js';
import { GumbyError } from '../../runtime/errors.js';
import type { TimeBoard } from '../../runtime/virtual-time/time-board.js';
import type { VirtualHost } from './host-time.js';

/** How often hosts are looked at that may stand still. */
const WATCH_INTERVAL_MS = 1000;
/** A host ends an instance by itself that waits for work of the machine; the others are told only what it cannot end. */
const HANG_GRACE_MS = 5000;

/** Ends hosts that do not come back from an event. */
export class HangWatch {
  /** How long one event may keep a host, in milliseconds of the machine's time. */
  readonly limitMs: number;
  readonly #board: TimeBoard;
  readonly #hosts: readonly VirtualHost[];
  readonly #watch: Timer;

  /**
   * @param hosts - in the order of their numbers; more may join
   * @param windowLimitMs - how long a host lets one event keep the machine, in milliseconds
   * @param isRunning - whether time passes; a host that is held is not late
   */
  constructor(
    machine: Clock,
    board: TimeBoard,
    hosts: readonly VirtualHost[],
    windowLimitMs: number,
    isRunning: () => boolean,
  ) {
    this.limitMs = windowLimitMs + HANG_GRACE_MS;
    this.#board = board;
    this.#hosts = hosts;
    const seen = new Map<number, { readonly events: number; readonly sinceMs: number }>();
    const look = () => {
      const nowMs = machine.nowMs();
      for (const number of hosts.keys()) {
        const { events, isWaiting } = board.activityOf(number);
        const before = seen.get(number);
        if (!isRunning() || isWaiting || before?.events !== events) seen.set(number, { events, sinceMs: nowMs });
        else if (nowMs - before.sinceMs >= this.limitMs) this.end(number);
      }
    };
    this.#watch = every(machine, WATCH_INTERVAL_MS, look, { weak: true });
  }

  /** Ends a host, with the reason that the event it is at has taken too long. */
  end(number: number): void {
    const { entity } = this.#board.activityOf(number);
    const who = entity > 0 ? `instance ${entity}` : `tracker ${-entity}`;
    const error = new GumbyError(
      'INSTANCE_TIMEOUT',
      `${who} has kept the machine for ${this.limitMs / 1000} s with one event, while the experiment's time stood still (option window_limit)`,
      { context: { entity, machineLimit: true } },
    );
    this.#hosts[number]?.end(error);
  }

  stop(): void {
    this.#watch.cancel();
  }
}
