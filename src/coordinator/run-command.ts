import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { type Clock, sleep } from '../runtime/clock.js';
import { GumbyError, toError } from '../runtime/errors.js';
import type { CommandResult } from './run-result.js';

export interface RunCommandInit {
  /** For the shell. */
  readonly text: string;
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Made anew, or written to the end of. */
  readonly stdoutFile: string;
  readonly stderrFile: string;
  /** Ends the command, with time to end itself. */
  readonly stop: AbortSignal;
  /** Ends the command at once. */
  readonly kill: AbortSignal;
  /** 0 for none. @default 0 */
  readonly timeoutMs?: number;
  /** Whether what the command leaves behind in its process group belongs to it, and is waited for. @default false */
  readonly waitForGroup?: boolean;
}

/** Between being asked and being made to end. */
const TERMINATE_GRACE_MS = 5_000;

/** How often a process group without its leader is looked at. */
const GROUP_POLL_MS = 100;

/**
 * Runs a command line by the shell, in a process group of its own, and resolves when it is gone – with everything that it
 * started and left in its group.
 * @throws GumbyError OUTPUT_WRITE_FAILED naming the file that cannot be made
 */
export async function runCommand(init: RunCommandInit, { clock }: { readonly clock: Clock }): Promise<CommandResult> {
  const startedMs = clock.nowMs();
  const child = start(init);
  const group = new ProcessGroup(child, clock);
  let timedOut = false;
  const onStop = () => group.terminate();
  const onKill = () => group.signal('SIGKILL');
  const onTimeout = () => {
    timedOut = true;
    group.terminate();
  };
  const timer = (init.timeoutMs ?? 0) > 0 ? clock.schedule(init.timeoutMs ?? 0, onTimeout) : undefined;
  listen(init.stop, onStop);
  listen(init.kill, onKill);
  try {
    const { exitCode, signal } = await group.leaderEnd;
    if (init.waitForGroup !== true) group.terminate();
    await group.gone();
    return {
      command: init.text,
      ...(exitCode === null ? {} : { exitCode }),
      ...(signal === null ? {} : { signal }),
      timedOut,
      durationMs: Math.round(clock.nowMs() - startedMs),
    };
  } finally {
    timer?.cancel();
    init.stop.removeEventListener('abort', onStop);
    init.kill.removeEventListener('abort', onKill);
    group.release();
  }
}

function start(init: RunCommandInit): ChildProcess {
  const descriptors: number[] = [];
  try {
    for (const file of [init.stdoutFile, init.stderrFile]) descriptors.push(openOutput(file));
    return spawn('/bin/sh', ['-c', init.text], {
      cwd: init.cwd,
      env: init.environment,
      // A group of its own, so that signals reach all that it starts and none that it did not.
      detached: true,
      stdio: ['ignore', ...descriptors],
    });
  } finally {
    for (const descriptor of descriptors) closeSync(descriptor);
  }
}

function openOutput(file: string): number {
  try {
    return openSync(file, 'a');
  } catch (cause) {
    throw new GumbyError('OUTPUT_WRITE_FAILED', `cannot write ${file}: ${toError(cause).message}`, { cause });
  }
}

interface LeaderEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A command's process group: its leader, and whoever it started. */
class ProcessGroup {
  readonly leaderEnd: Promise<LeaderEnd>;
  readonly #id: number | undefined;
  readonly #clock: Clock;
  #force: { cancel(): void } | undefined;

  constructor(child: ChildProcess, clock: Clock) {
    this.#id = child.pid;
    this.#clock = clock;
    this.leaderEnd = new Promise((resolve, reject) => {
      child.once('error', (cause) => reject(new GumbyError('COMMAND_FAILED', `cannot start a shell: ${cause.message}`, { cause })));
      child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
    });
  }

  signal(name: NodeJS.Signals | 0): boolean {
    if (this.#id === undefined) return false;
    try {
      process.kill(-this.#id, name);
      return true;
    } catch {
      // Nobody is left to hear it.
      return false;
    }
  }

  /** Asks all of it to end, and makes it after the grace. */
  terminate(): void {
    if (!this.signal('SIGTERM') || this.#force !== undefined) return;
    this.#force = this.#clock.schedule(TERMINATE_GRACE_MS, () => this.signal('SIGKILL'));
  }

  /** Resolves when nobody of it is left. */
  async gone(): Promise<void> {
    while (this.signal(0)) await sleep(this.#clock, GROUP_POLL_MS);
  }

  release(): void {
    this.#force?.cancel();
  }
}

function listen(signal: AbortSignal, listener: () => void): void {
  if (signal.aborted) listener();
  else signal.addEventListener('abort', listener, { once: true });
}
