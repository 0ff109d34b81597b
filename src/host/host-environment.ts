import type { MeteredEndpoint } from '../network/socket-figures.js';
import type { InstanceInit, TelemetryMemory } from '../protocol/host-protocol.js';
import type { Clocks } from '../runtime/clock.js';
import type { Logger } from '../runtime/logger.js';
import type { InstanceGauges } from '../statistics/instance-gauges.js';
import type { LogBuffer } from '../output/log-buffer.js';
import type { MetricMemory } from '../statistics/metric-memory.js';
import type { ExperimentModuleClass } from '../instance/static-module.js';
import type { InstanceScope } from './instance-scope.js';

/** What a host, and through it each of its instances, gets from the place where it lives: a thread, the main thread, another process. */
export interface HostEnvironment {
  readonly clocks: Clocks;
  /** @returns a closed endpoint */
  openEndpoint(init: OpenEndpointInit): MeteredEndpoint;
  outputOf(init: InstanceInit, onWriteError: (file: string, error: Error) => void): InstanceOutput;
  /** @param memory - memory that the reader shares; undefined where it shares none */
  telemetryOf(memory: TelemetryMemory | undefined): InstanceTelemetry;
  /** Evaluates the run's modules for one instance. */
  loadModules(scope: InstanceScope, output: InstanceOutput): readonly ExperimentModuleClass[];
}

export interface OpenEndpointInit {
  readonly logger: Logger;
  /** How large a receive buffer to ask the system for. @default the system's own */
  readonly receiveBufferBytes?: number;
}

/** Takes the two streams of an instance. Every chunk is written at once and in order, so that a crash loses nothing. */
export interface InstanceOutput {
  stdout(chunk: string | Uint8Array): void;
  stderr(chunk: string | Uint8Array): void;
}

/** The memories in which an instance tells of itself without sending anything. */
export interface InstanceTelemetry {
  readonly gauges: InstanceGauges;
  readonly metrics: MetricMemory;
  readonly log: LogBuffer;
}
