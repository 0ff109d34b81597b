import type { Transferable } from 'node:worker_threads';
import type { Endpoint } from 'comlink';

/** What a `Worker` and the `parentPort` on its other side have in common. */
export interface WorkerPort {
  postMessage(message: unknown, transfer?: readonly Transferable[]): void;
  on(event: 'message', listener: (data: unknown) => void): unknown;
  off(event: 'message', listener: (data: unknown) => void): unknown;
}

/**
 * A worker thread's port as the event target that comlink speaks to. comlink's own adapter has no types under NodeNext
 * resolution, and keeps its listeners in a map of functions that is never emptied.
 */
export function nodeEndpoint(port: WorkerPort): Endpoint {
  const listeners = new Map<unknown, (data: unknown) => void>();
  return {
    postMessage: (message: unknown, transfer?: unknown[]) => port.postMessage(message, transfer as Transferable[]),
    addEventListener(_type, listener: unknown) {
      // comlink only ever gives a function, although the type of an event target allows an object as well.
      const onMessage = (data: unknown) => (listener as (event: { readonly data: unknown }) => void)({ data });
      listeners.set(listener, onMessage);
      port.on('message', onMessage);
    },
    removeEventListener(_type, listener: unknown) {
      const onMessage = listeners.get(listener);
      if (onMessage === undefined) return;
      listeners.delete(listener);
      port.off('message', onMessage);
    },
  };
}
