import type { InstanceInit, TelemetryMemory } from '../protocol/host-protocol.js';
import type { InstanceGauges } from '../statistics/instance-gauges.js';
import type { LogBuffer } from '../output/log-buffer.js';
import type { MetricMemory } from '../statistics/metric-memory.js';
import type { ExperimentModuleClass } from '../instance/static-module.js';
import type { InstanceOutput } from './instance-output.js';
import type { InstanceScope } from './instance-scope.js';
import type { World } from './world.js';

/** What a host, and through it each of its instances, gets from the place where it lives: a thread, the main thread, another process. */
export interface HostEnvironment {
  readonly world: World;
  outputOf(init: InstanceInit, onWriteError: (file: string, error: Error) => void): InstanceOutput;
  /** @param memory - memory that the reader shares; undefined where it shares none */
  telemetryOf(memory: TelemetryMemory | undefined): InstanceTelemetry;
  /** Evaluates the run's modules for one instance. */
  loadModules(scope: InstanceScope, output: InstanceOutput): readonly ExperimentModuleClass[];
}

/** The memories in which an instance tells of itself without sending anything. */
export interface InstanceTelemetry {
  readonly gauges: InstanceGauges;
  readonly metrics: MetricMemory;
  readonly log: LogBuffer;
}
