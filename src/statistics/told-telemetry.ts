import { TAKEN_INSTANCE_GAUGES } from './instance-gauges.js';
import { applyWordChanges, type WordChanges, WordReporter } from './word-changes.js';

/** What has changed in the gauges and the metrics of an instance. */
export interface TelemetryChanges {
  readonly gauges: WordChanges;
  readonly metrics: WordChanges;
}

/** The memories of an instance's gauges and metrics, on either side. */
export interface InstanceMemories {
  readonly gauges: SharedArrayBuffer;
  readonly metrics: SharedArrayBuffer;
}

/** Tells what an instance measures, where no memory is shared with whoever reads it. */
export class TelemetryReporter {
  readonly #gauges: WordReporter;
  readonly #metrics: WordReporter;

  constructor({ gauges, metrics }: InstanceMemories) {
    this.#gauges = new WordReporter(gauges, TAKEN_INSTANCE_GAUGES);
    this.#metrics = new WordReporter(metrics);
  }

  /** @returns undefined when nothing has changed since the last call */
  take(): TelemetryChanges | undefined {
    const changes = { gauges: this.#gauges.take(), metrics: this.#metrics.take() };
    return changes.gauges.length + changes.metrics.length === 0 ? undefined : changes;
  }
}

/** Applies the changes that were told to the reader's memories. */
export function applyTelemetry(memories: InstanceMemories, { gauges, metrics }: TelemetryChanges): void {
  applyWordChanges(memories.gauges, gauges, TAKEN_INSTANCE_GAUGES);
  applyWordChanges(memories.metrics, metrics);
}
