import type { Clock } from '../runtime/clock.js';
import { GumbyError } from '../runtime/errors.js';
import {
  Counter,
  Gauge,
  Histogram,
  type HistogramInit,
  type HistogramSample,
  type Metric,
  type MetricInit,
  type MetricKind,
  type Sampler,
} from './metrics.js';
import type { JsonValue, StatisticsLog } from './statistics-log.js';

/** What changed is written once in so long. */
const SAMPLE_INTERVAL_MS = 1_000;

const NAME = /^[a-z][\w-]*$/i;

/**
 * What an instance counts and measures, for the report: `counter`, `gauge` and `histogram` each give the metric of that name,
 * which is made when it is first asked for. They go to `statistics.log`: `metric`, once each, with unit and description;
 * `metrics`, every second in which something changed, with what changed; `distribution`, at the end, for each histogram; and
 * `event`.
 *
 * No timer wakes an instance for this: a second's values are written when the first value of a later one comes, or at the end.
 */
export class InstanceStatistics implements Sampler {
  readonly #log: StatisticsLog;
  readonly #clock: Clock;
  readonly #metrics = new Map<string, Metric>();
  #changed: Metric[] = [];
  /** When what has changed is to be written. */
  #dueMs = Infinity;
  /** What changes without anything else running in between changes at one moment: the clock is asked once. */
  #isTurnKnown = false;
  readonly #onTurnEnd = (): void => {
    this.#isTurnKnown = false;
  };

  constructor(components: { readonly clock: Clock; readonly log: StatisticsLog }) {
    this.#log = components.log;
    this.#clock = components.clock;
  }

  /** Drawn as what it grows by in a second. @throws GumbyError PARAMETER_INVALID when the name is none, or another kind's */
  counter(name: string, init: MetricInit = {}): Counter {
    return this.#metric('counter', name, init, () => new Counter(name, this));
  }

  /** Drawn as it is. @throws GumbyError PARAMETER_INVALID when the name is none, or another kind's */
  gauge(name: string, init: MetricInit = {}): Gauge {
    return this.#metric('gauge', name, init, () => new Gauge(name, this));
  }

  /**
   * Drawn over time as its median, 95th percentile and maximum, and as a distribution over all instances.
   * @throws GumbyError PARAMETER_INVALID when the name is none, or another kind's; for a resolution that is not positive
   */
  histogram(name: string, init: HistogramInit = {}): Histogram {
    const { resolution = 0.001 } = init;
    if (!(resolution > 0 && resolution < Infinity))
      throw new GumbyError('PARAMETER_INVALID', `histogram "${name}": the resolution ${resolution} is not positive`);
    return this.#metric('histogram', name, init, () => new Histogram(name, this, resolution));
  }

  /** Something that happened once, at this moment. @throws GumbyError PARAMETER_INVALID when the name is none */
  event(name: string, detail: JsonValue = null): void {
    checkName('event', name);
    this.#log.write('event', detail === null ? { name } : { name, detail });
  }

  /** @internal */
  beforeChange(metric: Metric): void {
    if (!this.#isTurnKnown) this.#beginTurn();
    if (metric.isChanged) return;
    metric.isChanged = true;
    this.#changed.push(metric);
  }

  /** Writes everything that there still is: at the end of the instance. @throws GumbyError OUTPUT_WRITE_FAILED */
  finish(): void {
    if (this.#changed.length > 0) this.#sample(this.#clock.wallMs());
    for (const metric of this.#metrics.values()) {
      if (metric.kind !== 'histogram' || metric.count === 0) continue;
      this.#log.write('distribution', { name: metric.name, count: metric.count, values: metric.distribution() });
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
    this.#log.write('metric', { name, kind, unit, description });
    return metric;
  }

  /** Writes the values of a second that is over, before one of them changes. */
  #beginTurn(): void {
    this.#isTurnKnown = true;
    queueMicrotask(this.#onTurnEnd);
    const nowMs = this.#clock.nowMs();
    if (nowMs >= this.#dueMs) this.#sample(this.#clock.wallMs() - (nowMs - this.#dueMs));
    if (this.#dueMs === Infinity) this.#dueMs = nowMs + SAMPLE_INTERVAL_MS;
  }

  #sample(wallMs: number): void {
    const values: Record<string, number | HistogramSample> = {};
    for (const metric of this.#changed) {
      values[metric.name] = metric.takeSample();
      metric.isChanged = false;
    }
    this.#changed = [];
    this.#dueMs = Infinity;
    this.#log.write('metrics', values, wallMs);
  }
}

function checkName(kind: string, name: string): void {
  if (!NAME.test(name))
    throw new GumbyError(
      'PARAMETER_INVALID',
      `"${name}" cannot name a ${kind}: a name is letters, digits, "-" and "_", and begins with a letter`,
    );
}
