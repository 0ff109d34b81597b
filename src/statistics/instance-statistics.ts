import type { Clock } from '../runtime/clock.js';
import { GumbyError } from '../runtime/errors.js';
import type { MetricMemory } from './metric-memory.js';
import {
  Counter,
  Gauge,
  Histogram,
  type HistogramInit,
  type HistogramSample,
  type Metric,
  type MetricInit,
  type MetricKind,
} from './metrics.js';
import type { JsonValue } from './log-line.js';
import type { StatisticsLog } from './statistics-log.js';

/** What came in a second is written once. */
const SAMPLE_INTERVAL_MS = 1_000;

const NAME = /^[a-z][\w-]*$/i;

export interface InstanceStatisticsComponents {
  readonly clock: Clock;
  readonly log: StatisticsLog;
  /** Where the values of counters and gauges are. */
  readonly memory: MetricMemory;
  /** Told the name of each slot of the memory, in their order. */
  readonly onSlot: (name: string) => void;
}

/**
 * What an instance counts and measures, for the report: `counter`, `gauge` and `histogram` each give the metric of that name,
 * which is made when it is first asked for.
 *
 * Counters and gauges are numbers in memory that the coordinator sees and writes down. The rest goes to `statistics.log`: `metric`, once each,
 * with unit and description; of histograms `metrics`, for every second in which something was recorded, and `distribution`, at the end;
 * and `event`. No timer wakes an instance for this: a second of a histogram is written when the first value of a later one comes, or
 * at the end.
 */
export class InstanceStatistics {
  readonly #components: InstanceStatisticsComponents;
  readonly #metrics = new Map<string, Metric>();
  /** When what was recorded is to be written. */
  #dueMs = Infinity;

  constructor(components: InstanceStatisticsComponents) {
    this.#components = components;
  }

  /** Drawn as what it grows by in a second. @throws GumbyError PARAMETER_INVALID when the name is none, or another kind's */
  counter(name: string, init: MetricInit = {}): Counter {
    return this.#metric('counter', name, init, () => this.#inMemory(new Counter(name, this.#components.memory)));
  }

  /** Drawn as it is. @throws GumbyError PARAMETER_INVALID when the name is none, or another kind's */
  gauge(name: string, init: MetricInit = {}): Gauge {
    return this.#metric('gauge', name, init, () => this.#inMemory(new Gauge(name, this.#components.memory)));
  }

  /**
   * Drawn over time as its median, 95th percentile and maximum, and as a distribution over all instances.
   * @throws GumbyError PARAMETER_INVALID when the name is none, or another kind's; for a resolution that is not positive
   */
  histogram(name: string, init: HistogramInit = {}): Histogram {
    const { resolution = 0.001 } = init;
    if (!(resolution > 0 && resolution < Infinity))
      throw new GumbyError('PARAMETER_INVALID', `histogram "${name}": the resolution ${resolution} is not positive`);
    return this.#metric('histogram', name, init, () => new Histogram(name, resolution, this.#beforeRecord));
  }

  /** Something that happened once, at this moment. @throws GumbyError PARAMETER_INVALID when the name is none */
  event(name: string, detail: JsonValue = null): void {
    checkName('event', name);
    this.#components.log.write('event', detail === null ? { name } : { name, detail });
  }

  /** Writes everything that there still is: at the end of the instance. @throws GumbyError OUTPUT_WRITE_FAILED */
  finish(): void {
    this.#sample(this.#components.clock.wallMs());
    for (const metric of this.#metrics.values()) {
      if (metric.kind !== 'histogram' || metric.count === 0) continue;
      const { name, count } = metric;
      this.#components.log.write('distribution', { name, count, values: metric.distribution() });
    }
    this.#metrics.clear();
  }

  #metric<M extends Metric>(kind: M['kind'] & MetricKind, name: string, init: MetricInit, make: () => M): M {
    const known = this.#metrics.get(name);
    if (known !== undefined) {
      if (known.kind !== kind)
        throw new GumbyError('PARAMETER_INVALID', `"${name}" is a ${known.kind} already, and cannot be a ${kind}`);
      return known as M;
    }
    checkName(kind, name);
    const metric = make();
    this.#metrics.set(name, metric);
    const { unit = '', description = '' } = init;
    this.#components.log.write('metric', { name, kind, unit, description });
    return metric;
  }

  #inMemory<M extends Counter | Gauge>(metric: M): M {
    this.#components.onSlot(metric.name);
    return metric;
  }

  readonly #beforeRecord = (): void => {
    const { clock } = this.#components;
    const nowMs = clock.nowMs();
    if (nowMs >= this.#dueMs) this.#sample(clock.wallMs() - (nowMs - this.#dueMs));
    if (this.#dueMs === Infinity) this.#dueMs = nowMs + SAMPLE_INTERVAL_MS;
  };

  #sample(wallMs: number): void {
    this.#dueMs = Infinity;
    const values: Record<string, HistogramSample> = {};
    for (const metric of this.#metrics.values()) {
      const sample = metric.kind === 'histogram' ? metric.takeSample() : undefined;
      if (sample !== undefined) values[metric.name] = sample;
    }
    if (Object.keys(values).length > 0) this.#components.log.write('metrics', values, wallMs);
  }
}

function checkName(kind: string, name: string): void {
  if (!NAME.test(name))
    throw new GumbyError(
      'PARAMETER_INVALID',
      `"${name}" cannot name a ${kind}: a name is letters, digits, "-" and "_", and begins with a letter`,
    );
}
