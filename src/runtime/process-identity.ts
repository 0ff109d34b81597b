import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Which process a file or lock belongs to, for whoever finds it later. A process number alone does not say that: the
 * system gives the number to another process some time after the end of the first.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** When the process started, in clock ticks since the machine did; absent where the system has no `/proc`. */
  readonly startTicks?: number;
  /** Which start of the machine `startTicks` counts from; absent where the system does not tell. */
  readonly bootId?: string;
  /** Where the process number means something: the machine, or the container, as a digest that names neither. */
  readonly place: string;
}

/** `unknown`: the process ran where nobody here can look, on another machine or in another container. */
export type ProcessState = 'alive' | 'gone' | 'unknown';

/** The identity of this process. */
export function ownIdentity(): ProcessIdentity {
  const [startTicks, bootId] = [statOf(process.pid)?.startTicks, ownBootId()];
  return {
    pid: process.pid,
    ...(startTicks === undefined ? {} : { startTicks }),
    ...(bootId === undefined ? {} : { bootId }),
    place: ownPlace(),
  };
}

/** Whether the process still runs; where there is no `/proc`, another one of its number counts as the process. */
export function stateOf({ pid, startTicks, bootId, place }: ProcessIdentity): ProcessState {
  if (place !== ownPlace()) return 'unknown';
  if (bootId !== undefined && bootId !== (ownBootId() ?? bootId)) return 'gone';
  if (!exists(pid)) return 'gone';
  const stat = statOf(pid);
  // Where processes of other users are hidden, their numbers have to do.
  if (stat === undefined) return 'alive';
  return stat.hasEnded || (startTicks !== undefined && stat.startTicks !== startTicks) ? 'gone' : 'alive';
}

/** Whether a value that was read from a file is an identity. */
export function isProcessIdentity(value: unknown): value is ProcessIdentity {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, startTicks, bootId, place } = value as Partial<Record<keyof ProcessIdentity, unknown>>;
  return (
    Number.isSafeInteger(pid) &&
    // 0 and negative numbers mean groups of processes.
    (pid as number) > 0 &&
    (startTicks === undefined || typeof startTicks === 'number') &&
    (bootId === undefined || typeof bootId === 'string') &&
    typeof place === 'string'
  );
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user may not be sent a signal, but is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

interface ProcessStat {
  readonly startTicks: number;
  /** The process is dead, and its parent has not asked after it yet. */
  readonly hasEnded: boolean;
}

/** `/proc/N/stat` is `N (name) STATE …`, by proc(5); the name may hold anything. The start is field 22. */
function statOf(pid: number): ProcessStat | undefined {
  const stat = textOf(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { startTicks: Number(fields[19]), hasEnded: 'ZXx'.includes(fields[0] as string) };
}

function ownBootId(): string | undefined {
  return textOf('/proc/sys/kernel/random/boot_id')?.trim();
}

function ownPlace(): string {
  const parts = [hostname(), textOf('/etc/machine-id') ?? '', linkOf('/proc/self/ns/pid') ?? ''];
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 16);
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return undefined;
  }
}

function linkOf(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined;
  }
}
