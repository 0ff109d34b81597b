import { availableParallelism, totalmem } from 'node:os';
import { builtInCommands } from '../../scenario/built-in-commands.js';
import type { ExperimentConfig } from '../../config/experiment-config.js';
import type { Address } from '../../network/address.js';
import type { CodeCache } from '../../protocol/module-protocol.js';
import type { HostLink } from '../../protocol/instance-link.js';
import type { InstanceInit } from '../../protocol/host-protocol.js';
import { InstanceActor, type InstanceActorComponents } from './instance-actor.js';
import { createInstanceFiles } from '../../output/instance-files.js';
import type { RunPlan } from './plan-fit.js';
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
  /** The code cache with which their threads load the library; undefined when there is none. */
  readonly libraryCache: CodeCache | undefined;
}

/** Divides the instances among threads, as `instances_per_worker` says. Nothing is started yet. */
export function createInstances(
  run: RunContext,
  { trackers, libraryCache }: HostParts,
  components: InstanceActorComponents,
): InstanceHosts {
  const { config } = run.experiment;
  const groups = groupsOf(config.instanceCount, config.instancesPerWorker);
  const hosts: HostLink[] = [];
  const instances: InstanceActor[] = [];
  for (const ids of groups) {
    const heapMb = heapMbOf(ids.length, config.instanceMemoryMb, groups.length);
    const host = createHost(run, ids, { trackers, libraryCache }, heapMb);
    hosts.push(host);
    for (const id of ids) instances.push(new InstanceActor(initOf(run, id), host, components));
  }
  return { hosts, instances };
}

/** How many instances a run has, in how many threads. */
export function planOf({ instanceCount, instancesPerWorker }: ExperimentConfig): RunPlan {
  return { instances: instanceCount, threads: groupsOf(instanceCount, instancesPerWorker).length };
}

/** The groups of ids that share a thread: `perWorker` ids each, or for `auto` as many as give one thread for each core. */
export function groupsOf(instanceCount: number, perWorker: number | 'auto'): readonly (readonly number[])[] {
  const size = perWorker === 'auto' ? Math.ceil(instanceCount / availableParallelism()) : perWorker;
  const groups: number[][] = [];
  for (let first = 1; first <= instanceCount; first += size)
    groups.push(Array.from({ length: Math.min(size, instanceCount - first + 1) }, (_, index) => first + index));
  return groups;
}

function createHost(
  run: RunContext,
  ids: readonly number[],
  { trackers, libraryCache }: HostParts,
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
      },
      heapMb,
      instanceMemoryMb: config.instanceMemoryMb,
      ...(libraryCache === undefined ? {} : { libraryCache }),
    },
    { clock: run.clocks.machine, onFault: (error) => run.failures.add(error) },
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
