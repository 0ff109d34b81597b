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

/** The environment of a host in a thread of this process, the main thread or another: sockets of the system, files. */
export class ThreadEnvironment implements HostEnvironment {
  readonly clocks: Clocks;
  readonly #bundle: HostInit['bundle'];
  readonly #files = new AppendFiles();
  #modules: CompiledScript | undefined;

  /** @param ownsThread - whether a single instance has the thread for itself, with the thread's own globals and streams */
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
    // An instance alone in its thread has the thread's own streams, to which native code prints as well.
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
