import { entriesOf, openFileCount, ProcFile, readProcFile as read } from './proc-file.js';

/**
 * Linux's `/proc`, as far as a run is measured by it; proc(5) describes the formats. A value that cannot be read,
 * because the system does not have it or because a thread or process has ended, is undefined, never zero.
 */

const PROC = '/proc';

/** `USER_HZ`, the unit of times in `stat`: 100 on every architecture that Node runs on. */
const TICKS_PER_S = 100;

interface ThreadUsage {
  readonly userS: number;
  readonly systemS: number;
  readonly voluntarySwitches: number;
  readonly involuntarySwitches: number;
}

/** Looks at one thread of this process, again and again. */
export class ThreadUsageReader {
  readonly #stat: ProcFile;
  readonly #status: ProcFile;

  constructor(threadId: number, procDir = PROC) {
    this.#stat = new ProcFile(`${procDir}/self/task/${threadId}/stat`);
    this.#status = new ProcFile(`${procDir}/self/task/${threadId}/status`);
  }

  read(): ThreadUsage | undefined {
    const stat = this.#stat.read();
    const status = this.#status.read();
    if (stat === undefined || status === undefined) return undefined;
    const fields = statFields(stat);
    return {
      userS: numberAt(fields, USER_TICKS) / TICKS_PER_S,
      systemS: numberAt(fields, SYSTEM_TICKS) / TICKS_PER_S,
      voluntarySwitches: valueOf(status, 'voluntary_ctxt_switches') ?? 0,
      involuntarySwitches: valueOf(status, 'nonvoluntary_ctxt_switches') ?? 0,
    };
  }

  close(): void {
    this.#stat.close();
    this.#status.close();
  }
}

/** The processor time of the calling thread in seconds, finer than ticks. */
export function ownThreadCpuS(procDir = PROC): number | undefined {
  const onCpuNs = read(`${procDir}/thread-self/schedstat`)?.split(' ')[0];
  return onCpuNs === undefined ? undefined : Number(onCpuNs) / 1e9;
}

export interface ProcessUsage {
  readonly fileDescriptors?: number | undefined;
  readonly threads?: number | undefined;
  /** Bytes read from storage, not from caches. */
  readonly readBytes?: number | undefined;
  readonly writeBytes?: number | undefined;
}

/** The usage of this process that Node itself does not tell. */
export function processUsage(procDir = PROC): ProcessUsage {
  const status = read(`${procDir}/self/status`);
  const io = read(`${procDir}/self/io`);
  return {
    fileDescriptors: openFileCount(`${procDir}/self/fd`),
    threads: status === undefined ? undefined : valueOf(status, 'Threads'),
    readBytes: io === undefined ? undefined : valueOf(io, 'read_bytes'),
    writeBytes: io === undefined ? undefined : valueOf(io, 'write_bytes'),
  };
}

/** Datagrams that the kernel dropped at each local UDP port, because its receive buffer was full. */
export function udpDrops(procDir = PROC): ReadonlyMap<number, number> | undefined {
  const table = read(`${procDir}/net/udp`);
  if (table === undefined) return undefined;
  const drops = new Map<number, number>();
  for (const line of table.split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/);
    const port = Number.parseInt(fields[1]?.split(':')[1] ?? '', 16);
    if (Number.isInteger(port)) drops.set(port, (drops.get(port) ?? 0) + Number(fields.at(-1)));
  }
  return drops;
}

/**
 * The usage of a process group: of the processes that a command started and left in its group, together with those that
 * have ended and were waited for.
 */
export interface GroupUsage {
  readonly processes: number;
  readonly userS: number;
  readonly systemS: number;
  readonly rssBytes: number;
  /** Bytes read from storage; absent when the processes are another user's. */
  readonly readBytes?: number;
  readonly writeBytes?: number;
}

/** The usage of these groups by their living members, from one look at the table of processes. */
export function groupUsages(groups: ReadonlySet<number>): ReadonlyMap<number, GroupUsage> | undefined {
  const names = entriesOf('/proc');
  if (names === undefined) return undefined;
  const usages = new Map<number, GroupUsage>();
  for (const name of names) {
    if (!/^\d+$/.test(name)) continue;
    const stat = read(`/proc/${name}/stat`);
    if (stat === undefined) continue;
    const fields = statFields(stat);
    const group = numberAt(fields, GROUP);
    if (groups.has(group) && !'ZXx'.includes(fields[0] as string))
      usages.set(group, withMember(usages.get(group), fields, name));
  }
  return usages;
}

function withMember(before: GroupUsage | undefined, fields: readonly string[], name: string): GroupUsage {
  const io = read(`/proc/${name}/io`);
  const status = read(`/proc/${name}/status`) ?? '';
  const secondsAt = (...positions: readonly number[]) =>
    positions.reduce((sum, position) => sum + numberAt(fields, position), 0) / TICKS_PER_S;
  return {
    processes: (before?.processes ?? 0) + 1,
    userS: (before?.userS ?? 0) + secondsAt(USER_TICKS, WAITED_USER_TICKS),
    systemS: (before?.systemS ?? 0) + secondsAt(SYSTEM_TICKS, WAITED_SYSTEM_TICKS),
    rssBytes: (before?.rssBytes ?? 0) + 1024 * (valueOf(status, 'VmRSS') ?? 0),
    ...(io === undefined
      ? {}
      : {
          readBytes: (before?.readBytes ?? 0) + (valueOf(io, 'read_bytes') ?? 0),
          writeBytes: (before?.writeBytes ?? 0) + (valueOf(io, 'write_bytes') ?? 0),
        }),
  };
}

export interface NetworkUsage {
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

/** The usage of all interfaces of this machine together, the loopback one included: the kernel counts by interface, not by process. */
export function networkUsage(): NetworkUsage | undefined {
  const table = read('/proc/net/dev');
  if (table === undefined) return undefined;
  let [receivedBytes, sentBytes] = [0, 0];
  for (const line of table.split('\n').slice(2)) {
    const fields = line
      .slice(line.indexOf(':') + 1)
      .trim()
      .split(/\s+/);
    if (fields.length < 9) continue;
    receivedBytes += Number(fields[0]);
    sentBytes += Number(fields[8]);
  }
  return { receivedBytes, sentBytes };
}

/** Positions after the name in `stat`, which may itself hold anything: state is 0. */
const GROUP = 2;
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;
/** The ticks of children that have ended and were waited for. */
const WAITED_USER_TICKS = 13;
const WAITED_SYSTEM_TICKS = 14;

function statFields(stat: string): readonly string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function numberAt(fields: readonly string[], index: number): number {
  return Number(fields[index]);
}

/** The number in a line such as `Name:\t12 kB`. */
function valueOf(text: string, name: string): number | undefined {
  const found = new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}
