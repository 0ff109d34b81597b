import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatLogLine } from '../output/log-line.js';
import { METRIC_KEYS } from '../output/metric-entries.js';
import { METRICS_FILE } from '../output/metrics-log.js';
import { type Clock, every, type Timer } from '../runtime/clock.js';
import { orWriteFailed } from '../output/write-output-file.js';
import { METRICS_MAX, type MetricMemory } from '../statistics/metric-memory.js';
import { WrittenMetrics } from './written-metrics.js';

/** How often values are written down, if they have changed. */
const INTERVAL_MS = 1_000;

/** An instance whose counters and gauges are recorded. */
export interface MeasuredInstance {
  readonly id: number;
  /** The name of each slot that is in use. */
  readonly metricNames: readonly string[];
  readonly metricMemory: Pick<MetricMemory, 'values' | 'setAtMs'>;
}

export interface MetricsRecorderInit {
  readonly outputDir: string;
  readonly instances: readonly MeasuredInstance[];
}

/**
 * Writes the counters and gauges of all instances to `metrics.log`: for each instance a line for each second in which
 * something changed, as in its `statistics.log`, `UNIX_SECONDS ID metrics {"NAME": VALUE, …}`. A gauge is dated by the
 * moment at which it was set, a counter by the moment of the look. A counter that had stood still is written for the
 * look before as well, so that its growth does not look slow. The instances have no part in this, so that it costs them
 * nothing, and their values are there however they end.
 */
export class MetricsRecorder {
  readonly #init: MetricsRecorderInit;
  readonly #clock: Clock;
  readonly #onFailure: (error: unknown) => void;
  readonly #written = new Map<
    number,
    { readonly memory: MeasuredInstance['metricMemory']; readonly metrics: WrittenMetrics }
  >();
  /** The time of the last look, in Unix time. */
  #lookedMs = -Infinity;
  #timer: Timer | undefined;

  /** @param components.onFailure - is told when the file cannot be written; nothing more is written then */
  constructor(
    init: MetricsRecorderInit,
    components: { readonly clock: Clock; readonly onFailure: (error: unknown) => void },
  ) {
    this.#init = init;
    this.#clock = components.clock;
    this.#onFailure = components.onFailure;
  }

  start(): void {
    this.#timer ??= every(this.#clock, INTERVAL_MS, () => this.#lookOrReport(), { weak: true });
  }

  /** Writes what has changed since the last look. */
  look(): void {
    if (this.#timer !== undefined) this.#lookOrReport();
  }

  /** Writes the last values, after the end of the instances. */
  finish(): void {
    const timer = this.#timer;
    if (timer === undefined) return;
    timer.cancel();
    this.#lookOrReport();
    this.#timer = undefined;
  }

  /** An instance that is started again has another memory, of which nothing is written yet. */
  #writtenOf(id: number, memory: MeasuredInstance['metricMemory']): WrittenMetrics {
    const known = this.#written.get(id);
    if (known?.memory === memory) return known.metrics;
    const metrics = new WrittenMetrics(METRICS_MAX);
    this.#written.set(id, { memory, metrics });
    return metrics;
  }

  #lookOrReport(): void {
    try {
      this.#look();
    } catch (error) {
      this.#timer?.cancel();
      this.#timer = undefined;
      this.#onFailure(error);
    }
  }

  #look(): void {
    const wallMs = this.#clock.wallMs();
    let lines = '';
    for (const { id, metricNames, metricMemory } of this.#init.instances) {
      if (metricNames.length === 0) continue;
      const written = this.#writtenOf(id, metricMemory);
      for (const [atMs, values] of written.takeChanged(metricNames, metricMemory, wallMs, this.#lookedMs))
        lines += formatLogLine({ wallS: atMs / 1000, id, key: METRIC_KEYS.samples, value: values });
    }
    this.#lookedMs = wallMs;
    if (lines === '') return;
    const file = join(this.#init.outputDir, METRICS_FILE);
    orWriteFailed(file, () => appendFileSync(file, lines));
  }
}
