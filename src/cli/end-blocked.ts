import { blockedThreads } from '../coordinator/link/blocked-threads.js';

/**
 * Ends the process where nothing else would: Node waits for its threads even at `process.exit`, and one of them never ends. Everything is
 * written by now; only the exit code is lost, which is that of SIGKILL.
 */
export function endBlocked(): void {
  const names = blockedThreads();
  if (names.length === 0) return;
  const code = process.exitCode ?? 0;
  process.stderr.write(
    `${names.join(', ')} cannot be ended, and so neither can this process in order: it kills itself (137 instead of exit code ${code})\n`,
    () => process.kill(process.pid, 'SIGKILL'),
  );
}
