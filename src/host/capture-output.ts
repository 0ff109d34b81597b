import type { InstanceOutput } from './instance-output.js';
import { writableTo } from './writable-to.js';

/**
 * Sends everything that this thread prints – `console.*`, `process.stdout`, `process.stderr` – to the output. A
 * worker's own streams go through the main thread: text in them is lost when the thread dies, and grows without bound
 * while the thread never yields.
 */
export function captureOutput(output: InstanceOutput): void {
  replaceStream('stdout', (chunk) => output.stdout(chunk));
  replaceStream('stderr', (chunk) => output.stderr(chunk));
}

/** Drops what this thread prints: for threads that only look at code. */
export function discardOutput(): void {
  captureOutput({ stdout() {}, stderr() {} });
}

function replaceStream(name: 'stdout' | 'stderr', write: (chunk: string | Uint8Array) => void): void {
  const value = writableTo(write);
  Object.defineProperty(process, name, { value, configurable: true, enumerable: true, writable: true });
}
