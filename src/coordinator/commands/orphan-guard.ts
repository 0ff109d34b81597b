import { type ChildProcess, spawn } from 'node:child_process';

/** The time between asking orphans to end and forcing them, as in `ProcessGroup`. */
const GRACE_S = 5;

/**
 * The guard's script. It reads `add GROUP` and `remove GROUP`. The pipe ends when this process does, for whatever
 * reason; then the groups that the guard still knows are asked to end, and forced to after the grace. No signal of the
 * terminal ends the guard before.
 */
const SCRIPT = `
trap '' HUP INT QUIT TERM
groups=
while read -r what group; do
  case $what in
    add) groups="$groups $group" ;;
    remove)
      rest=
      for each in $groups; do [ "$each" = "$group" ] || rest="$rest $each"; done
      groups=$rest ;;
  esac
done
for group in $groups; do kill -s TERM -- "-$group" 2>/dev/null; done
seconds=0
while [ -n "$groups" ]; do
  left=
  for group in $groups; do kill -s 0 -- "-$group" 2>/dev/null && left="$left $group"; done
  groups=$left
  if [ $seconds -ge ${GRACE_S} ]; then
    for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
    exit
  fi
  [ -z "$groups" ] || sleep 1
  seconds=$((seconds + 1))
done
`;

/** A guard that is ended by somebody is started again, but not for ever. */
const STARTS_MAX = 5;

/**
 * Sees to it that process groups end when this process does, even when this process is killed. One small shell does
 * this for all groups that exist at a time; it ends with the last of them.
 */
export class OrphanGuard {
  readonly #groups = new Set<number>();
  #shell: ChildProcess | undefined;
  #starts = 0;

  /** Adds a group, which is guarded as soon as this returns: its number is in a pipe, which outlives this process. */
  add(group: number): void {
    this.#groups.add(group);
    if (this.#shell === undefined) this.#start();
    else this.#tell(`add ${group}`);
  }

  remove(group: number): void {
    this.#groups.delete(group);
    this.#tell(`remove ${group}`);
    if (this.#groups.size > 0) return;
    this.#shell?.stdin?.end();
    this.#shell = undefined;
    this.#starts = 0;
  }

  #start(): void {
    if (this.#starts++ >= STARTS_MAX) return;
    // The guard has a session of its own: a signal that ends everything at a terminal must not end the guard.
    const shell = spawn('/bin/sh', ['-c', SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    this.#shell = shell;
    const onEnd = () => {
      if (this.#shell !== shell) return;
      this.#shell = undefined;
      if (this.#groups.size > 0) this.#start();
    };
    shell.once('exit', onEnd).once('error', onEnd);
    shell.stdin.on('error', () => {
      // The end of the guard is handled above.
    });
    // This process does not wait for the guard.
    shell.unref();
    (shell.stdin as unknown as { unref(): void }).unref();
    for (const group of this.#groups) this.#tell(`add ${group}`);
  }

  #tell(line: string): void {
    this.#shell?.stdin?.write(`${line}\n`);
  }
}
