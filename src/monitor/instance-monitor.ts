import type { CommandLateness } from '../statistics/command-lateness.js';
import { growthOf } from '../statistics/growth.js';
import type { InstanceGauges } from '../statistics/instance-gauges.js';
import { LATENESS_BUCKETS } from '../statistics/lateness-histogram.js';
import type { CsvRecord } from '../output/tables/csv-table.js';
import type { InstanceColumn } from '../output/tables/instance-table.js';
import { columnsOf } from '../output/tables/measure.js';
import { THREAD_MEASURES, type ThreadColumn } from '../output/tables/thread-table.js';
import type { ThreadLook } from './thread-monitor.js';

/** An instance as the monitor sees it. */
export interface MonitoredInstance {
  readonly id: number;
  readonly gauges: InstanceGauges;
  readonly isUp: boolean;
  readonly port: number | undefined;
  /** How late the instance's commands began. */
  readonly commandLateness: CommandLateness;
}

/** The columns of the thread, left empty for an instance that shares its thread: the thread's values are in `threads.csv`. */
const NOBODYS_OWN = Object.fromEntries(columnsOf(THREAD_MEASURES).map((column) => [column, undefined])) as Readonly<
  Record<ThreadColumn, undefined>
>;

/** The result of one look at an instance; differences are to the look before. */
export interface InstanceLook {
  readonly id: number;
  readonly row: CsvRecord<InstanceColumn>;
  readonly timersByLateness: Float64Array;
  readonly timerLatenessMaxMs: number;
  readonly commandLatenessMs: readonly number[];
  readonly datagramsUp: number;
  readonly datagramsDown: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
  readonly sendErrors: number;
  readonly drops: number;
}

const COUNTED = ['datagramsUp', 'datagramsDown', 'bytesUp', 'bytesDown', 'sendErrors'] as const;

/** Looks at one instance, again and again. */
export class InstanceMonitor {
  readonly instance: MonitoredInstance;
  readonly #before: Record<(typeof COUNTED)[number], number> = {
    datagramsUp: 0,
    datagramsDown: 0,
    bytesUp: 0,
    bytesDown: 0,
    sendErrors: 0,
  };
  readonly #latenessBefore = new Float64Array(LATENESS_BUCKETS);
  /** The time of the last row, in Unix time; undefined before the first row, and after the last of all. */
  #rowS: number | undefined;
  #dropsBefore = 0;
  /** Drops of sockets that were closed since: a new socket at the same port counts from 0. */
  #dropsOfClosed = 0;

  readonly #measuresLateness: boolean;

  /** @param measuresLateness - whether there is lateness to measure */
  constructor(instance: MonitoredInstance, measuresLateness = true) {
    this.instance = instance;
    this.#measuresLateness = measuresLateness;
  }

  /**
   * @param drops - the drops at the instance's port, if the system tells them @param thread - the look at the
   *   instance's thread; absent where the thread is shared, because its values then belong to no single instance
   */
  look(wallS: number, drops: number | undefined, thread: ThreadLook | undefined): InstanceLook {
    this.#rowS = wallS;
    const { id, gauges, commandLateness } = this.instance;
    const timerLatenessMaxMs = gauges.take('timerLatenessMaxMs');
    const totalDrops = drops === undefined ? undefined : this.#totalDrops(drops);
    const dropsNow = (totalDrops ?? 0) - this.#dropsBefore;
    this.#dropsBefore = totalDrops ?? 0;
    const row = {
      time: wallS,
      instance: id,
      ...(thread?.values ?? NOBODYS_OWN),
      timer_lateness_ms: this.#measuresLateness ? timerLatenessMaxMs : undefined,
      datagrams_up: gauges.get('datagramsUp'),
      datagrams_down: gauges.get('datagramsDown'),
      bytes_up: gauges.get('bytesUp'),
      bytes_down: gauges.get('bytesDown'),
      send_queue: gauges.measured('sendQueue'),
      send_errors: gauges.get('sendErrors'),
      receive_drops: totalDrops,
    };
    return {
      id,
      row,
      timersByLateness: this.#newTimers(),
      timerLatenessMaxMs,
      commandLatenessMs: commandLateness.take(),
      ...this.#newCounts(),
      drops: dropsNow,
    };
  }

  /**
   * Gives, once the instance has ended, a row of its last gauges, dated by the moment at which they were noted. Packets
   * that were on their way when it stopped are not judged. @returns undefined when the instance has noted nothing since
   * the last look, or was never looked at
   */
  lastRow(): CsvRecord<InstanceColumn> | undefined {
    const countedAtS = this.instance.gauges.get('countedAtMs') / 1000;
    const isNews = this.#rowS !== undefined && countedAtS > this.#rowS;
    const row = isNews ? this.look(countedAtS, undefined, undefined).row : undefined;
    this.#rowS = undefined;
    return row;
  }

  #newCounts() {
    const counts = { ...this.#before };
    for (const name of COUNTED) {
      const now = this.instance.gauges.get(name);
      counts[name] = growthOf(this.#before[name], now);
      this.#before[name] = now;
    }
    return counts;
  }

  #newTimers(): Float64Array {
    const now = this.instance.gauges.timerLateness;
    const since = new Float64Array(LATENESS_BUCKETS);
    for (let bucket = 0; bucket < LATENESS_BUCKETS; bucket++) {
      since[bucket] = (now[bucket] as number) - (this.#latenessBefore[bucket] as number);
      this.#latenessBefore[bucket] = now[bucket] as number;
    }
    return since;
  }

  #totalDrops(drops: number): number {
    if (this.#dropsOfClosed + drops < this.#dropsBefore) this.#dropsOfClosed = this.#dropsBefore;
    return this.#dropsOfClosed + drops;
  }
}
