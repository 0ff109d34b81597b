import type { Clock } from '../../runtime/clock.js';
import type { HostTime, VirtualHost } from './host-time.js';

/** How the experiment's time passes, as the coordinator sees it. */
export interface ExperimentTime {
  /** The experiment's clock. */
  readonly clock: Clock;
  /** The Unix time at which the clock is at 0, in milliseconds. */
  readonly epochMs: number;
  /** Whether time is another than the machine's: it passes as far as there is something to do. */
  readonly isVirtual: boolean;
  /** How much ahead of their time commands are sent to the instances. */
  readonly sendAheadMs: number;
  /** Gives the next host its place in virtual time; absent where time passes for every host by itself. */
  readonly join?: (host: VirtualHost) => HostTime;
  /** Rejects when nothing is left that could ever happen, and instances have not stopped; never resolves. */
  readonly stuck: Promise<never>;
  /**
   * Makes calls to instances and waits for their answers. In virtual time they are all events of one moment, so all of
   * them have to be made within the same turn; and time passes only as far as the calls need it.
   */
  stage<T>(calls: () => Promise<T>): Promise<T>;
  /** Counts instances that have ended and will be started again: time passes for them even when no other lives. */
  expect(count: number): void;
  /** From now on time passes by itself. @param startMs - GO */
  run(startMs: number): void;
  /** Time passes no further. */
  stop(): void;
}

/**
 * Commands are sent this much ahead of their time: long enough for a thousand instances to have theirs when the time
 * comes, short enough for a run that is stopped to be over soon.
 */
const SEND_AHEAD_MS = 200;

/** Real time passes whatever the coordinator does. */
export function realTime(clock: Clock): ExperimentTime {
  const stuck = new Promise<never>(() => {});
  return {
    clock,
    epochMs: clock.wallMs() - clock.nowMs(),
    isVirtual: false,
    sendAheadMs: SEND_AHEAD_MS,
    stuck,
    stage: (calls) => calls(),
    expect() {},
    run() {},
    stop() {},
  };
}
