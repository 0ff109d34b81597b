import { mkdirSync } from 'node:fs';
import { hostOfEntity, trackerEntity } from '../../network/emulated/entity-address.js';
import type { Address } from '../../network/address.js';
import { TRACKERS_CAPTURE_PART } from '../../output/pcap/capture-files.js';
import { trackerFiles } from '../../output/tracker-files.js';
import { writeOutputFile } from '../../output/write-output-file.js';
import type { TrackerApi, TrackersInit } from '../../protocol/tracker-protocol.js';
import { GumbyError, toError } from '../../runtime/errors.js';
import { InstanceGauges } from '../../statistics/instance-gauges.js';
import type { AllVars } from '../../protocol/instance-protocol.js';
import type { RunNetwork } from '../instances/run-network.js';
import { captureOf } from './packet-capture.js';
import { runTrackerCommand } from '../commands/external-commands.js';
import type { RunContext } from './run-context.js';
import { WorkerThread } from '../link/worker-thread.js';

/** The trackers of a run. */
export interface Trackers {
  readonly addresses: readonly Address[];
  /** Rejects when a tracker is lost; never resolves. */
  readonly lost: Promise<never>;
  /** The experiment begins. @param allVars - where the instances are; undefined where they have not been told of each other */
  go(startMs: number, allVars: AllVars | undefined): void;
  stop(): Promise<void>;
  /** What the trackers are made of, where they live with the first instances; absent where they have been started. */
  readonly hosted?: TrackersInit;
  /** The gauges of the trackers; absent for external trackers, of which nothing is known. */
  readonly gauges?: readonly InstanceGauges[];
}

/** Every tracker of the emulated network has a host of its own, where this port is free; it is the one of Dispersy's trackers. */
const EMULATED_TRACKER_PORT = 6421;
/** How long trackers may take to bind their sockets, and to close them. */
const TRACKER_LIMIT_MS = 10_000;

/**
 * Starts what `tracker_cmd` asks for: the built-in trackers, in a thread of their own, or an external command.
 * @throws GumbyError TRACKER_FAILED
 */
export async function startTrackers(run: RunContext, network: RunNetwork | undefined): Promise<Trackers> {
  const { command, host, port, count } = run.experiment.config.tracker;
  if (command.kind === 'none')
    return { addresses: [], gauges: [], lost: new Promise<never>(() => {}), go() {}, stop: async () => {} };
  mkdirSync(trackerFiles(run.outputDir).directory, { recursive: true });
  const ports = Array.from({ length: count }, (_, index) => (port === undefined ? 0 : port + index));
  if (command.kind === 'shell')
    return startExternal(
      run,
      command.text,
      ports.map((each) => ({ host, port: each })),
    );
  const gauges = new InstanceGauges();
  const init = builtInOf(run, ports, gauges);
  const isEmulated = run.experiment.config.world.network === 'emulated';
  const onNetwork = isEmulated ? { ...init, preferredPorts: init.preferredPorts.map(emulatedPort) } : init;
  return run.time.isVirtual ? inVirtualTime(onNetwork, gauges) : startBuiltIn(run, onNetwork, network, gauges);
}

/** The port of a tracker that may have any. */
function emulatedPort(port: number): number {
  return port === 0 ? EMULATED_TRACKER_PORT : port;
}

function builtInOf(run: RunContext, preferredPorts: readonly number[], gauges: InstanceGauges): TrackersInit {
  const { stdoutFile, stderrFile } = trackerFiles(run.outputDir);
  for (const file of [stdoutFile, stderrFile]) writeOutputFile(file, '');
  const { seed, config } = run.experiment;
  const { crypto } = config.tracker;
  const { instanceCount } = config;
  return { preferredPorts, stdoutFile, stderrFile, seed, crypto, gauges: gauges.buffer, instanceCount };
}

/** Trackers in virtual time live in the thread of the first instances, and have addresses that are known beforehand. */
function inVirtualTime(init: TrackersInit, gauges: InstanceGauges): Trackers {
  return {
    addresses: init.preferredPorts.map((port, index) => ({ host: hostOfEntity(trackerEntity(index)), port })),
    hosted: init,
    gauges: [gauges],
    lost: new Promise<never>(() => {}),
    go() {},
    stop: async () => {},
  };
}

async function startBuiltIn(
  run: RunContext,
  given: TrackersInit,
  network: RunNetwork | undefined,
  gauges: InstanceGauges,
): Promise<Trackers> {
  const { preferredPorts } = given;
  const capture = captureOf(run, TRACKERS_CAPTURE_PART);
  const init = {
    ...given,
    ...(capture === undefined ? {} : { capture }),
    ...(network === undefined ? {} : { network: network.initOfTrackers }),
  };
  const thread = new WorkerThread<TrackerApi>(
    { name: 'the tracker', job: { job: 'tracker', init } },
    { clock: run.clocks.machine },
  );
  const lost = thread.ended.then((reason) => {
    // A tracker that was asked to stop is not lost.
    if (reason === undefined) return new Promise<never>(() => {});
    throw new GumbyError('TRACKER_FAILED', `the trackers are lost: ${reason.message}`, { cause: reason });
  });
  lost.catch(() => {});
  try {
    const addresses = await thread.call('binding its sockets', TRACKER_LIMIT_MS, (api) => api.start());
    for (const [index, address] of addresses.entries()) {
      const wanted = preferredPorts[index];
      if (wanted !== undefined && wanted !== 0 && wanted !== address.port)
        run.onProgress({
          type: 'note',
          message: `port ${wanted} of tracker ${index + 1} is taken: it listens on ${address.port}`,
        });
    }
    const go: Trackers['go'] = (startMs, allVars) => {
      if (network === undefined) return;
      const told = thread.call('hearing of GO', TRACKER_LIMIT_MS, (api) => api.go(startMs, allVars));
      told.catch((error: unknown) => run.failures.add(toError(error)));
    };
    return { addresses, gauges: [gauges], lost, go, stop: () => stopBuiltIn(thread) };
  } catch (cause) {
    await thread.terminate();
    throw new GumbyError('TRACKER_FAILED', `the trackers did not start: ${toError(cause).message}`, { cause });
  }
}

async function stopBuiltIn(thread: WorkerThread<TrackerApi>): Promise<void> {
  try {
    await thread.call('closing its sockets', TRACKER_LIMIT_MS, (api) => api.stop());
  } finally {
    await thread.terminate();
  }
}

function startExternal(run: RunContext, text: string, addresses: readonly Address[]): Trackers {
  const controller = new AbortController();
  const ended = runTrackerCommand(run, text, AbortSignal.any([controller.signal, run.stop]));
  const lost = ended.then((result): Promise<never> => {
    if (controller.signal.aborted || run.stop.aborted) return new Promise<never>(() => {});
    const how = result.exitCode === undefined ? (result.signal ?? 'a signal') : `exit code ${result.exitCode}`;
    throw new GumbyError('TRACKER_FAILED', `tracker_cmd ended before the run (${how}): ${text}`);
  });
  lost.catch(() => {});
  return {
    addresses,
    lost,
    go() {},
    async stop() {
      controller.abort();
      await ended;
    },
  };
}
