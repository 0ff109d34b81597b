import type { Clock } from '../runtime/clock.js';
import { GumbyError } from '../runtime/errors.js';
import type { MetricMemory } from './metric-memory.js';
import {
  Counter,
  Gauge,
  type Histogram,
  type HistogramInit,
  type MetricInit,
  type MetricKind,
  SampledHistogram,
} from './metrics.js';
import type { JsonValue } from '../runtime/json-value.js';
import {
  type DistributionEntry,
  type HistogramSample,
  METRIC_KEYS,
  type MetricDefinitionEntry,
  PART_SEPARATOR,
} from '../output/metric-entries.js';
import type { KeyWriter, StatisticsLog } from '../output/statistics-log.js';

/** The values that a histogram is given in one second are written together. */
const SECOND_MS = 1_000;
/** A sample is dated no nearer to the edge of its second: with clocks that are rounded it would stand in the next one. */
const EDGE_MS = 50;

const NAME = /^[a-z][\w-]*$/i;

export interface InstanceStatisticsComponents {
  readonly clock: Clock;
  readonly log: StatisticsLog;
  /** The memory that holds the values of counters and gauges. */
  readonly memory: MetricMemory;
  /** Is told the name of each slot of the memory, in the order of the slots. */
  readonly onSlot: (name: string) => void;
  /** The moment of GO, which is known a little before it; undefined until then. */
  readonly startMs: () => number | undefined;
}

/** A second whose recorded values are not written yet. */
interface Second {
  readonly beginMs: number;
  readonly endMs: number;
  readonly edgeMs: number;
  lastMs: number;
}

type KeptMetric = Counter | Gauge | SampledHistogram;

/**
 * What an instance counts and measures, for the report: `counter`, `gauge` and `histogram` each give the metric of that name,
 * which is made when it is first asked for.
 *
 * Counters and gauges are numbers in memory that the coordinator sees and writes down. Everything else goes to
 * `statistics.log` under four keys: `metric` once for each metric, with unit and description; `metrics` for every
 * second in which a histogram recorded a value; `distribution` for each histogram at the end; and `event`. No timer
 * wakes an instance for this: a second of a histogram is written when the first value of a later one comes, or
 * at the end, and is dated by its last value. Seconds are counted from GO, as the report counts them.
 */
export class InstanceStatistics {
  readonly #components: InstanceStatisticsComponents;
  readonly #metrics = new Map<string, KeptMetric>();
  #second: Second | undefined;

  readonly #write: KeyWriter;

  constructor(components: InstanceStatisticsComponents) {
    this.#components = components;
    this.#write = components.log.reserve('experiment.statistics', Object.values(METRIC_KEYS));
  }

  /**
   * Counts something; the report draws by how much the counter grows in a second.
   * @throws GumbyError PARAMETER_INVALID when the name is none, or another kind's
   */
  counter(name: string, init: MetricInit = {}): Counter {
    checkName('counter', name);
    return this.#metric('counter', name, init, () => this.#inMemory(new Counter(name, this.#components.memory)));
  }

  /** Holds a value; the report draws the value as it is. @throws GumbyError PARAMETER_INVALID when the name is none, or another kind's */
  gauge(name: string, init: MetricInit = {}): Gauge {
    checkName('gauge', name);
    const { memory, clock } = this.#components;
    return this.#metric('gauge', name, init, () => this.#inMemory(new Gauge(name, memory, clock)));
  }

  /**
   * Records values; the report draws their median, 95th percentile and maximum over time, and their distribution over all instances.
   * @throws GumbyError PARAMETER_INVALID when the name is none, or another kind's; for a resolution that is not positive
   */
  histogram(name: string, init: HistogramInit = {}): Histogram {
    checkName('histogram', name);
    return this.#histogram(name, init);
  }

  /**
   * A histogram of a module that several experiments share: no histogram of an experiment can be mistaken for it, whatever its name is.
   * @param part - the name of the module's subject, e.g. `dispersy`
   */
  histogramOf(part: string, name: string, init: HistogramInit = {}): Histogram {
    return this.#histogram(`${part}${PART_SEPARATOR}${name}`, init);
  }

  /** Notes something that happened once, at this moment. @throws GumbyError PARAMETER_INVALID when the name is none */
  event(name: string, detail: JsonValue = null): void {
    checkName('event', name);
    this.#write(METRIC_KEYS.event, detail === null ? { name } : { name, detail });
  }

  /** Writes everything that is not written yet: at the end of the instance. @throws GumbyError OUTPUT_WRITE_FAILED */
  finish(): void {
    this.#sample();
    for (const metric of this.#metrics.values()) {
      if (metric.kind !== 'histogram' || metric.count === 0) continue;
      const { name, count } = metric;
      const entry = { name, count, values: metric.distribution() } satisfies DistributionEntry;
      this.#write(METRIC_KEYS.distribution, entry);
    }
    this.#metrics.clear();
  }

  #histogram(name: string, init: HistogramInit): Histogram {
    const { resolution = 0.001 } = init;
    if (!(resolution > 0 && resolution < Infinity))
      throw new GumbyError('PARAMETER_INVALID', `histogram "${name}": the resolution ${resolution} is not positive`);
    return this.#metric('histogram', name, init, () => new SampledHistogram(name, resolution, this.#beforeRecord));
  }

  #metric<M extends KeptMetric>(kind: M['kind'] & MetricKind, name: string, init: MetricInit, make: () => M): M {
    const known = this.#metrics.get(name);
    if (known !== undefined) {
      if (known.kind !== kind)
        throw new GumbyError('PARAMETER_INVALID', `"${name}" is a ${known.kind} already, and cannot be a ${kind}`);
      return known as M;
    }
    const metric = make();
    this.#metrics.set(name, metric);
    const { unit = '', description = '' } = init;
    this.#write(METRIC_KEYS.definition, { name, kind, unit, description } satisfies MetricDefinitionEntry);
    return metric;
  }

  #inMemory<M extends Counter | Gauge>(metric: M): M {
    this.#components.onSlot(metric.name);
    return metric;
  }

  readonly #beforeRecord = (): void => {
    const nowMs = this.#components.clock.nowMs();
    if (this.#second !== undefined && nowMs >= this.#endMsOf(this.#second)) this.#sample();
    this.#second ??= { ...this.#secondOf(nowMs), lastMs: nowMs };
    this.#second.lastMs = nowMs;
  };

  get #startMs(): number {
    return this.#components.startMs() ?? Infinity;
  }

  /** Values from after the start are kept apart from those before it, also when the start became known in between. */
  #endMsOf({ lastMs, endMs }: Second): number {
    const startMs = this.#startMs;
    return lastMs < startMs ? Math.min(endMs, startMs) : endMs;
  }

  /** Before GO a second begins with its first value. */
  #secondOf(nowMs: number): Omit<Second, 'lastMs'> {
    const startMs = this.#startMs;
    if (nowMs < startMs) return { beginMs: nowMs, endMs: Math.min(nowMs + SECOND_MS, startMs), edgeMs: 0 };
    const beginMs = startMs + Math.floor((nowMs - startMs) / SECOND_MS) * SECOND_MS;
    return { beginMs, endMs: beginMs + SECOND_MS, edgeMs: EDGE_MS };
  }

  #sample(): void {
    if (this.#second === undefined) return;
    const { beginMs, edgeMs, lastMs } = this.#second;
    const endMs = this.#endMsOf(this.#second);
    this.#second = undefined;
    const samples: [string, HistogramSample][] = [];
    for (const metric of this.#metrics.values()) {
      const sample = metric.kind === 'histogram' ? metric.takeSample() : undefined;
      if (sample !== undefined) samples.push([metric.name, sample]);
    }
    if (samples.length === 0) return;
    const { clock } = this.#components;
    const atMs = Math.max(beginMs + edgeMs, Math.min(lastMs, endMs - edgeMs));
    this.#write(METRIC_KEYS.samples, Object.fromEntries(samples), clock.wallMs() - (clock.nowMs() - atMs));
  }
}

function checkName(kind: string, name: string): void {
  if (!NAME.test(name))
    throw new GumbyError(
      'PARAMETER_INVALID',
      `"${name}" cannot name a ${kind}: a name is letters, digits, "-" and "_", and begins with a letter`,
    );
}
