import { readdirSync, readFileSync } from 'node:fs';
import { type Clock, sleep, type Timer } from '../../runtime/clock.js';
import { OrphanGuard } from './orphan-guard.js';

/** Between being asked and being made to end. */
const TERMINATE_GRACE_MS = 5_000;

/** How often a group without its leader is looked at. */
const POLL_INTERVAL_MS = 100;

/** A command's process group: its leader, and whoever it started and left in the group. */
export class ProcessGroup {
  /** Of its leader, and of the group. */
  readonly id: number;
  readonly #clock: Clock;
  #force: Timer | undefined;

  /** @param id - the leader's process id, which is the group's */
  constructor(id: number, clock: Clock) {
    this.id = id;
    this.#clock = clock;
    watchExit(this);
  }

  /** Asks all of it to end, and makes it after the grace. */
  terminate(): void {
    if (!this.#signal('SIGTERM') || this.#force !== undefined) return;
    this.#force = this.#clock.schedule(TERMINATE_GRACE_MS, () => this.kill());
  }

  /** Ends all of it at once. */
  kill(): void {
    this.#signal('SIGKILL');
  }

  /** Resolves when nobody of it is left. */
  async gone(): Promise<void> {
    while (this.#signal(0) && hasLivingMember(this.id)) await sleep(this.#clock, POLL_INTERVAL_MS);
  }

  /** After the last use: from now on its number may be another's. */
  release(): void {
    this.#force?.cancel();
    unwatchExit(this);
  }

  #signal(name: NodeJS.Signals | 0): boolean {
    try {
      process.kill(-this.id, name);
      return true;
    } catch {
      // Nobody is left to hear it.
      return false;
    }
  }
}

/**
 * Whether any member still runs. The dead whom their parent has not asked after count for the kernel, and where no init does
 * that – in many a container – they stay for ever: so their state is looked up.
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
    // It has ended meanwhile.
    return false;
  }
}

/**
 * Groups that would outlive this process if it ended without having ended them: they are not in its own group, so nobody
 * else would. One listener for all of them, however many, and the guard for the case that this process is killed.
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
