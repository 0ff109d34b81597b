import type { HostInit, InstanceInit, TelemetryMemory } from '../protocol/host-protocol.js';
import { type CompiledScript, compileScript } from '../instance/load-script.js';
import { moduleClassesOf } from '../instance/module-loader.js';
import { InstanceGauges } from '../statistics/instance-gauges.js';
import { LogBuffer } from '../output/log-buffer.js';
import { MetricMemory } from '../statistics/metric-memory.js';
import { AppendFiles } from './append-files.js';
import { captureOutput } from './capture-output.js';
import { fileOutput } from './file-output.js';
import type { HostEnvironment, InstanceTelemetry } from './host-environment.js';
import type { InstanceOutput } from './instance-output.js';
import type { InstanceScope } from './instance-scope.js';
import type { World } from './world.js';

export interface ThreadEnvironmentInit {
  readonly bundle: HostInit['bundle'];
  readonly world: World;
}

/** The environment of a host in a thread of this process, the main thread or another: files, and whatever world the instances live in. */
export class ThreadEnvironment implements HostEnvironment {
  readonly world: World;
  readonly #bundle: HostInit['bundle'];
  readonly #files = new AppendFiles();
  #modules: CompiledScript | undefined;

  /** @param ownsThread - whether a single instance has the thread for itself, with the thread's own globals and streams */
  constructor(
    { bundle, world }: ThreadEnvironmentInit,
    private readonly ownsThread: boolean,
  ) {
    this.#bundle = bundle;
    this.world = world;
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
    this.#modules ??= compileScript(bundle.file, bundle.codeCache, this.world.furtherGlobals);
    const exports = this.#modules.evaluate(this.world.globalsOf(scope, output));
    return moduleClassesOf(exports, bundle.requests);
  }
}
