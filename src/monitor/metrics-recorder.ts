import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, every, type Timer } from '../runtime/clock.js';
import { GumbyError, toError } from '../runtime/errors.js';

export const METRICS_FILE = 'metrics.log';

/** How often values are written down, if they have changed. */
const INTERVAL_MS = 1_000;

/** An instance whose counters and gauges are recorded. */
export interface MeasuredInstance {
  readonly id: number;
  /** Of each slot that is in use. */
  readonly metricNames: readonly string[];
  readonly metricValues: Readonly<Float64Array>;
}

export interface MetricsRecorderInit {
  readonly outputDir: string;
  readonly instances: readonly MeasuredInstance[];
}

/**
 * Writes the counters and gauges of all instances to `metrics.log`: of each instance a line for each second in which something
 * changed, as in its `statistics.log`, `UNIX_SECONDS ID metrics {"NAME": VALUE, …}`. The instances have no part in it, so that it costs
 * them nothing, and what they measured is there however they end.
 */
export class MetricsRecorder {
  readonly #init: MetricsRecorderInit;
  readonly #clock: Clock;
  readonly #onFailure: (error: unknown) => void;
  readonly #written = new Map<number, Float64Array>();
  #timer: Timer | undefined;

  /** @param components.onFailure - told when the file cannot be written; nothing more is written then */
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

  /** After the end of the instances: what they measured last. */
  finish(): void {
    const timer = this.#timer;
    if (timer === undefined) return;
    timer.cancel();
    this.#lookOrReport();
    this.#timer = undefined;
  }

  #lookOrReport(): void {
    try {
      this.#look();
    } catch (cause) {
      this.#timer?.cancel();
      this.#timer = undefined;
      const file = join(this.#init.outputDir, METRICS_FILE);
      const message = `cannot write ${file}: ${toError(cause).message}`;
      this.#onFailure(new GumbyError('OUTPUT_WRITE_FAILED', message, { context: { file }, cause }));
    }
  }

  #look(): void {
    const time = (this.#clock.wallMs() / 1000).toFixed(3);
    let lines = '';
    for (const instance of this.#init.instances) {
      const changed = this.#takeChanged(instance);
      if (changed !== undefined) lines += `${time} ${instance.id} metrics ${JSON.stringify(changed)}\n`;
    }
    if (lines !== '') appendFileSync(join(this.#init.outputDir, METRICS_FILE), lines);
  }

  #takeChanged({ id, metricNames, metricValues }: MeasuredInstance): Readonly<Record<string, number>> | undefined {
    if (metricNames.length === 0) return undefined;
    const known = this.#written.get(id);
    const written = known ?? new Float64Array(metricValues.length).fill(Number.NaN);
    if (known === undefined) this.#written.set(id, written);
    let changed: Record<string, number> | undefined;
    for (let slot = 0; slot < metricNames.length; slot++) {
      const value = metricValues[slot] as number;
      // NaN: it was never set.
      if (value === written[slot] || Number.isNaN(value)) continue;
      written[slot] = value;
      changed ??= {};
      changed[metricNames[slot] as string] = value;
    }
    return changed;
  }
}
