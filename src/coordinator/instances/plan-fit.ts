import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, freemem, totalmem } from 'node:os';
import type { Diagnostic } from '../../runtime/diagnostic.js';

/** What a machine gives a process; a value that the system does not tell is absent. */
export interface MachineLimits {
  readonly cores: number;
  readonly memoryBytes: number;
  /** Memory maps that are left to this process: Linux's `vm.max_map_count` without those in use. */
  readonly memoryMaps?: number;
  /** Threads that are left to this process. */
  readonly threads?: number;
  /** File descriptors that are left to this process. */
  readonly fileDescriptors?: number;
}

/** How many instances are to live in how many threads. */
export interface RunPlan {
  readonly instances: number;
  readonly threads: number;
  /** Whether the run can be late: in virtual time a slow machine only takes longer. @default true */
  readonly canBeLate?: boolean;
  /** Whether each thread writes packets to a file. @default false */
  readonly captures?: boolean;
}

/** What a thread and an instance take, measured on Linux with Node 20. */
const COSTS = {
  /** Memory maps of a worker thread: V8's spaces, its stack, its arenas. */
  mapsPerThread: 39,
  /** Threads of Node and V8 besides those of the instances. */
  threadsOfOurs: 16,
  /** A worker thread has its event loop: an epoll descriptor, an event descriptor, and those that wake it. */
  descriptorsPerThread: 6,
  /** A thread that captures packets keeps its file open. */
  descriptorsPerCapture: 1,
  /** An instance has its socket, and, alone in its thread, its two streams. */
  descriptorsPerInstance: 3,
  descriptorsOfOurs: 64,
  bytesPerThread: 8 * 2 ** 20,
  bytesPerInstance: 400 * 2 ** 10,
} as const;

/** More instances than this on one core are late whatever they do. */
const INSTANCES_A_CORE = 100;

/** What a plan asks of one resource, and how many threads the resource would be enough for. */
interface Demand {
  readonly resource: string;
  readonly needed: number;
  readonly available: number | undefined;
  readonly perThread: number;
  readonly perInstance: number;
  readonly fixed: number;
  readonly format: (amount: number) => string;
}

/**
 * Says before anything starts what keeps a plan from running, each time with the number of instances that would fit,
 * and the way out. A demand that the system is certain to refuse is an error; one that will, or may, make the run late
 * is a warning.
 */
export function checkPlan(
  plan: RunPlan,
  machine: MachineLimits,
  place: { readonly file: string },
): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (const demand of demandsOf(plan, machine)) {
    if (demand.available === undefined || demand.needed <= demand.available) continue;
    const fits = Math.max(1, instancesThatFit(plan, demand, demand.available));
    diagnostics.push({
      ...place,
      severity: 'error',
      message: `${plan.instances} instances in ${plan.threads} threads need ${demand.format(demand.needed)} ${demand.resource}, and this machine has ${demand.format(demand.available)} left`,
      hint: wayOut(plan, `at most ${fits} instances fit as it is`),
    });
  }
  const perCore = Math.ceil(plan.threads / machine.cores);
  if (plan.canBeLate !== false && diagnostics.length === 0 && perCore > INSTANCES_A_CORE)
    diagnostics.push({
      ...place,
      severity: 'warning',
      message: `${plan.threads} threads on ${machine.cores} cores: more than ${INSTANCES_A_CORE} a core will be late at moments at which all do something`,
      hint: wayOut(plan, `${INSTANCES_A_CORE * machine.cores} threads would do`),
    });
  return diagnostics;
}

function wayOut({ instances, threads }: RunPlan, fits: string): string {
  return threads > 1 && threads >= instances / 2
    ? `${fits}; set instances_per_worker=auto to let instances share threads`
    : fits;
}

function demandsOf({ instances, threads, captures = false }: RunPlan, machine: MachineLimits): readonly Demand[] {
  const demand = (
    resource: string,
    available: number | undefined,
    [fixed, perThread, perInstance]: readonly [number, number, number],
    format: Demand['format'] = String,
  ): Demand => ({
    ...{ resource, available, fixed, perThread, perInstance, format },
    needed: fixed + perThread * threads + perInstance * instances,
  });
  return [
    demand('memory maps (vm.max_map_count)', machine.memoryMaps, [0, COSTS.mapsPerThread, 0]),
    demand('threads', machine.threads, [COSTS.threadsOfOurs, 1, 0]),
    demand('file descriptors (ulimit -n)', machine.fileDescriptors, [
      COSTS.descriptorsOfOurs,
      COSTS.descriptorsPerThread + (captures ? COSTS.descriptorsPerCapture : 0),
      instances === threads ? COSTS.descriptorsPerInstance : 1,
    ]),
    demand('of memory', machine.memoryBytes, [0, COSTS.bytesPerThread, COSTS.bytesPerInstance], formatGb),
  ];
}

function instancesThatFit({ instances, threads }: RunPlan, demand: Demand, available: number): number {
  const perInstance = demand.perInstance + (demand.perThread * threads) / instances;
  return Math.floor((available - demand.fixed) / perInstance);
}

function formatGb(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

/** Reads what this machine gives this process; from Linux's `/proc` where there is one. */
export function machineLimits(): MachineLimits {
  const maps = numberIn('/proc/sys/vm/max_map_count');
  const inUse = linesIn('/proc/self/maps');
  const processes = limitOf('Max processes');
  const threadsMax = Math.min(processes ?? Infinity, numberIn('/proc/sys/kernel/threads-max') ?? Infinity);
  const files = limitOf('Max open files');
  return {
    cores: availableParallelism(),
    memoryBytes: availableMemoryBytes(),
    ...(maps === undefined || inUse === undefined ? {} : { memoryMaps: maps - inUse }),
    ...(threadsMax === Infinity ? {} : { threads: threadsMax }),
    ...(files === undefined ? {} : { fileDescriptors: files - openFiles() }),
  };
}

/** Linux tells how much memory it could make available under pressure; elsewhere only the unused memory is known. */
function availableMemoryBytes(): number {
  const kb = /^MemAvailable:\s+(\d+) kB$/m.exec(textOf('/proc/meminfo') ?? '')?.[1];
  return kb === undefined ? Math.max(freemem(), totalmem() / 2) : Number(kb) * 1024;
}

/** A hard limit counts: Node raises its own soft limit to it. */
function limitOf(name: string): number | undefined {
  const line = (textOf('/proc/self/limits') ?? '').split('\n').find((each) => each.startsWith(name));
  const hard = line?.slice(name.length).trim().split(/\s+/)[1];
  return hard === undefined || hard === 'unlimited' ? undefined : Number(hard);
}

function openFiles(): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return 0;
  }
}

function numberIn(file: string): number | undefined {
  const text = textOf(file)?.trim();
  return text === undefined || text === '' ? undefined : Number(text);
}

function linesIn(file: string): number | undefined {
  return textOf(file)?.split('\n').length;
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
