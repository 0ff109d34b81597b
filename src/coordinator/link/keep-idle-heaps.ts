import { setFlagsFromString } from 'node:v8';

/**
 * Says whether the threads that are started from now on keep their heaps as they are while they have nothing to do. V8
 * otherwise collects all garbage of a thread a few seconds after it went idle. Hundreds of threads that are commanded
 * together go idle together: their collections, which nobody needs, take a seventh of the processor time of a run, and hold
 * each other up for hundreds of milliseconds. The price is a tenth more memory while threads are idle. A heap that grows
 * is collected as ever.
 */
export function keepIdleHeaps(isKept: boolean): void {
  setFlagsFromString(isKept ? '--no-memory-reducer' : '--memory-reducer');
}
