/**
 * Threads of this process that nothing can end: they wait in a call of the system, or in native code, and never come back to where Node could
 * stop them. Node waits for them even at `process.exit`, so that only a signal that cannot be caught ends such a process.
 */
const names: string[] = [];

export function noteBlockedThread(name: string): void {
  names.push(name);
}

export function blockedThreads(): readonly string[] {
  return names;
}
