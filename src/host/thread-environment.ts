import { UdpEndpoint } from '../network/udp-endpoint.js';
import type { HostInit, InstanceInit, TelemetryMemory } from '../protocol/host-protocol.js';
import type { Clocks } from '../runtime/clock.js';
import { type CompiledScript, compileScript } from '../instance/load-script.js';
import { moduleClassesOf } from '../instance/module-loader.js';
import { InstanceGauges } from '../statistics/instance-gauges.js';
import { LogBuffer } from '../output/log-buffer.js';
import { MetricMemory } from '../statistics/metric-memory.js';
import { AppendFiles } from './append-files.js';
import { captureOutput } from './capture-output.js';
import { fileOutput } from './file-output.js';
import type { HostEnvironment, InstanceOutput, OpenEndpointInit, InstanceTelemetry } from './host-environment.js';
import { instanceGlobals } from './instance-globals.js';
import type { InstanceScope } from './instance-scope.js';

export interface ThreadEnvironmentInit {
  readonly bundle: HostInit['bundle'];
  readonly clocks: Clocks;
}

/** A thread of this process as a place to live in, the main thread or another: sockets of the system, files. */
export class ThreadEnvironment implements HostEnvironment {
  readonly clocks: Clocks;
  readonly #bundle: HostInit['bundle'];
  readonly #files = new AppendFiles();
  #modules: CompiledScript | undefined;

  /** @param ownsThread - whether the one instance has the thread for itself, with the globals and streams that are there */
  constructor(
    { bundle, clocks }: ThreadEnvironmentInit,
    private readonly ownsThread: boolean,
  ) {
    this.#bundle = bundle;
    this.clocks = clocks;
  }

  openEndpoint(init: OpenEndpointInit): UdpEndpoint {
    return new UdpEndpoint(init);
  }

  outputOf(init: InstanceInit, onWriteError: (file: string, error: Error) => void): InstanceOutput {
    const output = fileOutput(init, this.#files, onWriteError);
    // Alone in its thread, it has the thread's own streams, which native code prints to as well.
    if (this.ownsThread) captureOutput(output);
    return output;
  }

  telemetryOf({ gauges, metrics, log }: Partial<TelemetryMemory> = {}): InstanceTelemetry {
    return {
      gauges: new InstanceGauges(gauges),
      metrics: new MetricMemory(metrics),
      log: new LogBuffer(log),
    };
  }

  loadModules(scope: InstanceScope, output: InstanceOutput): ReturnType<HostEnvironment['loadModules']> {
    const bundle = this.#bundle;
    // Without modules there is no file.
    if (bundle.requests.length === 0) return [];
    this.#modules ??= compileScript(bundle.file, bundle.codeCache);
    const exports = this.#modules.evaluate(this.ownsThread ? {} : instanceGlobals(scope, output));
    return moduleClassesOf(exports, bundle.requests);
  }
}
