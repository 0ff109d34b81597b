import { readdirSync, readFileSync } from 'node:fs';
import { type Clock, sleep, type Timer } from '../../runtime/clock.js';
import { OrphanGuard } from './orphan-guard.js';

/** The time between asking a group to end and forcing it. */
const TERMINATE_GRACE_MS = 5_000;

/** How often a group without its leader is looked at. */
const POLL_INTERVAL_MS = 100;

/** A command's process group: its leader, and the processes that it started and left in the group. */
export class ProcessGroup {
  /** The id of the leader, which is also the group's. */
  readonly id: number;
  readonly #clock: Clock;
  #force: Timer | undefined;

  /** @param id - the leader's process id, which is the group's */
  constructor(id: number, clock: Clock) {
    this.id = id;
    this.#clock = clock;
    watchExit(this);
  }

  /** Asks all processes of the group to end, and forces them after the grace. */
  terminate(): void {
    if (!this.#signal('SIGTERM') || this.#force !== undefined) return;
    this.#force = this.#clock.schedule(TERMINATE_GRACE_MS, () => this.kill());
  }

  /** Ends all processes of the group at once. */
  kill(): void {
    this.#signal('SIGKILL');
  }

  /** Resolves when no process of the group is left. */
  async gone(): Promise<void> {
    while (this.#signal(0) && hasLivingMember(this.id)) await sleep(this.#clock, POLL_INTERVAL_MS);
  }

  /** To be called after the last use: from then on the number may belong to another group. */
  release(): void {
    this.#force?.cancel();
    unwatchExit(this);
  }

  #signal(name: NodeJS.Signals | 0): boolean {
    try {
      process.kill(-this.id, name);
      return true;
    } catch {
      // No process is left to get the signal.
      return false;
    }
  }
}

/**
 * Whether any member still runs. Dead processes whose parent has not asked after them still count for the kernel, and
 * where no init asks – in many a container – they stay for ever: so the state of each member is looked up.
 */
function hasLivingMember(id: number): boolean {
  try {
    return readdirSync('/proc').some((name) => /^\d+$/.test(name) && isLivingMember(name, id));
  } catch {
    // No /proc on this system: the kernel's answer to the signal has to do.
    return true;
  }
}

/** `/proc/N/stat` is `N (name) STATE PARENT GROUP …`, and the name may hold anything. */
function isLivingMember(processId: string, group: number): boolean {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'latin1');
    const [state = '', , groupOf] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(groupOf) === group && !'ZXx'.includes(state);
  } catch {
    // The process has ended meanwhile.
    return false;
  }
}

/**
 * Groups that would outlive this process if it ended without having ended them: they are not in its own group, so
 * nobody else would end them. There is one listener for all of them, however many, and the orphan guard for the case
 * that this process is killed.
 */
const alive = new Set<ProcessGroup>();
const guard = new OrphanGuard();

function watchExit(group: ProcessGroup): void {
  if (alive.size === 0) process.on('exit', killAll);
  alive.add(group);
  guard.add(group.id);
}

function unwatchExit(group: ProcessGroup): void {
  guard.remove(group.id);
  alive.delete(group);
  if (alive.size === 0) process.off('exit', killAll);
}

function killAll(): void {
  for (const group of alive) {
    group.kill();
    guard.remove(group.id);
  }
}
