import { availableParallelism, totalmem } from 'node:os';
import { builtInCommands } from '../../scenario/built-in-commands.js';
import type { ExperimentConfig } from '../../config/experiment-config.js';
import { shortestMs } from '../../network/links/link-settings.js';
import type { Address } from '../../network/address.js';
import type { CaptureInit } from '../../protocol/capture-protocol.js';
import type { CodeCache } from '../../protocol/module-protocol.js';
import type { HostLink } from '../../protocol/instance-link.js';
import type { TrackersInit } from '../../protocol/tracker-protocol.js';
import type { InstanceInit } from '../../protocol/host-protocol.js';
import { InstanceActor, type InstanceActorComponents } from './instance-actor.js';
import { createInstanceFiles } from '../../output/instance-files.js';
import type { RunPlan } from './plan-fit.js';
import { capturePartFile } from '../../output/pcap/capture-files.js';
import type { RunNetwork } from './run-network.js';
import { captureOf } from '../run/packet-capture.js';
import type { RunContext } from '../run/run-context.js';

/** Peers prefer the ports that Gumby gives them: this number plus their id. */
const FIRST_PEER_PORT = 12_000;
/** The part of the machine's memory that the heaps of all shared threads may take together. */
const HEAP_SHARE_OF_MEMORY = 0.8;

/** The instances of a run and the places where they live. */
export interface InstanceHosts {
  readonly hosts: readonly HostLink[];
  /** The instances, in the order of their ids. */
  readonly instances: readonly InstanceActor[];
}

/** What was made for the hosts before them. */
export interface HostParts {
  readonly trackers: readonly Address[];
  /** The trackers that live in the first host; undefined where they live elsewhere. */
  readonly hostedTrackers: TrackersInit | undefined;
  /** The network between the instances; undefined where it is the machine's own. */
  readonly network: RunNetwork | undefined;
  /** The code cache with which their threads load the library; undefined when there is none. */
  readonly libraryCache: CodeCache | undefined;
}

/** Divides the instances among threads, as `instances_per_worker` says. Nothing is started yet. */
export function createInstances(
  run: RunContext,
  { hostedTrackers, ...parts }: HostParts,
  components: InstanceActorComponents,
): InstanceHosts {
  const { config } = run.experiment;
  const groups = groupsOf(config);
  const hosts: HostLink[] = [];
  const instances: InstanceActor[] = [];
  for (const ids of groups) {
    const heapMb = heapMbOf(ids.length, config.instanceMemoryMb, groups.length);
    const hosted = hosts.length === 0 ? hostedTrackers : undefined;
    const capture = captureOf(run, capturePartFile(hosts.length));
    const host = createHost(run, ids, hosts.length, { ...parts, hostedTrackers: hosted, capture }, heapMb);
    hosts.push(host);
    for (const id of ids) instances.push(new InstanceActor(initOf(run, id), host, components));
  }
  return { hosts, instances };
}

/** How many instances a run has, in how many threads. */
export function planOf(config: ExperimentConfig): RunPlan {
  return {
    instances: config.instanceCount,
    threads: groupsOf(config).length,
    canBeLate: config.world.clock === 'real',
    captures: config.capture !== undefined,
  };
}

/** The groups of ids that share a thread: as many ids each as `instances_per_worker` says. */
export function groupsOf({ instanceCount, instancesPerWorker, world }: GroupedConfig): readonly (readonly number[])[] {
  const size =
    instancesPerWorker === 'auto' ? Math.ceil(instanceCount / autoThreads(instanceCount, world)) : instancesPerWorker;
  const groups: number[][] = [];
  for (let first = 1; first <= instanceCount; first += size)
    groups.push(Array.from({ length: Math.min(size, instanceCount - first + 1) }, (_, index) => first + index));
  return groups;
}

type GroupedConfig = Pick<ExperimentConfig, 'instanceCount' | 'instancesPerWorker' | 'world'>;

/**
 * In virtual time threads wait for each other at the end of each window, which is as long as the smallest latency. With
 * walking peers, a thread has some sixteen events in a window when its instances times the latency in milliseconds come
 * to this; with fewer, a second thread helps less than waiting for it costs.
 */
const WORTH_A_THREAD = 12_000;

/** As many threads as there are cores; in virtual time as many of them as have enough to do between two moments at which they wait for each other. */
function autoThreads(instanceCount: number, { clock, links }: ExperimentConfig['world']): number {
  const cores = availableParallelism();
  if (clock === 'real') return cores;
  return Math.min(cores, Math.max(1, Math.floor((instanceCount * shortestMs(links)) / WORTH_A_THREAD)));
}

function createHost(
  run: RunContext,
  ids: readonly number[],
  thread: number,
  {
    trackers,
    hostedTrackers: hosted,
    network,
    libraryCache,
    capture,
  }: HostParts & { readonly capture: CaptureInit | undefined },
  heapMb: number,
): HostLink {
  const { config, modules, seed } = run.experiment;
  const { instanceCount, variables: options } = config;
  return run.createHost(
    {
      host: {
        ids,
        instanceCount,
        seed,
        bundle: modules.bundle,
        builtInCommands,
        commands: modules.commands,
        options,
        trackers,
        ...(network === undefined ? {} : { network: network.initOf(thread) }),
        ...(capture === undefined ? {} : { capture }),
      },
      heapMb,
      instanceMemoryMb: config.instanceMemoryMb,
      ...(libraryCache === undefined ? {} : { libraryCache }),
    },
    {
      clock: run.clocks.machine,
      time: run.time,
      ...(hosted === undefined ? {} : { trackers: hosted }),
      onFault: (error) => run.failures.add(error),
      onEnded: () => network?.threadEnded(thread),
    },
  );
}

/** The size of a thread's heap: the sum of its instances' limits, as far as the machine has the memory. */
function heapMbOf(instances: number, instanceMemoryMb: number, threads: number): number {
  if (instances === 1) return instanceMemoryMb;
  const shareMb = (HEAP_SHARE_OF_MEMORY * totalmem()) / 2 ** 20 / threads;
  return Math.max(instanceMemoryMb, Math.floor(Math.min(instances * instanceMemoryMb, shareMb)));
}

function initOf(run: RunContext, id: number): InstanceInit {
  return {
    id,
    ...createInstanceFiles(run.outputDir, id),
    preferredPort: preferredPortOf(id),
  };
}

/** The port that an instance prefers; 0, so that the system chooses, when there is no such port. */
function preferredPortOf(id: number): number {
  const port = FIRST_PEER_PORT + id;
  return port <= 0xffff ? port : 0;
}
