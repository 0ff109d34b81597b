import { setTimeout as delay } from 'node:timers/promises';

/** Waits until `condition` holds, for what another socket or thread does; fails after `limitMs`. */
export async function until(condition: () => boolean, limitMs = 10_000): Promise<void> {
  const endMs = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > endMs) throw new Error(`not within ${limitMs} ms: ${condition.toString()}`);
    await delay(1);
  }
}
