import type { Transferable } from 'node:worker_threads';
import type { Endpoint } from 'comlink';
import { describeValue } from './describe-value.js';

/** What both ends of a `MessageChannel` offer. */
export interface DuplexPort {
  postMessage(message: unknown, transfer?: readonly Transferable[]): void;
  on(event: 'message', listener: (data: unknown) => void): unknown;
}

export interface FramedPortInit {
  /** Takes the one-way messages of the other side, which may be anything that can be cloned. */
  readonly onMessage?: (message: unknown) => void;
  /** Is told of whatever arrives that is no frame of ours and is dropped. @default nobody is told */
  readonly onInvalid?: (problem: string) => void;
}

/** One port that carries both calls, which comlink answers, and one-way messages of our own. */
export interface FramedPort {
  /** The end that comlink speaks to. */
  readonly calls: Endpoint;
  post(message: unknown): void;
  /** Handles data that somebody else took from the port, as if the data had arrived now. */
  deliver(data: unknown): void;
}

/** Each frame says what it carries, so that nothing is told apart by a field of another protocol. */
type Frame = readonly [kind: 'call' | 'message', content: unknown];

/**
 * Divides a port. Nothing that arrives can throw here: what comes from a thread that runs a user's code is not trusted to be ours.
 */
export function framedPort(port: DuplexPort, init: FramedPortInit = {}): FramedPort {
  const listeners = new Set<(event: { readonly data: unknown }) => void>();
  const deliver = (data: unknown): void => {
    const problem = problemOf(data);
    if (problem !== undefined) return init.onInvalid?.(problem);
    const [kind, content] = data as Frame;
    if (kind === 'message') return init.onMessage?.(content);
    for (const listener of [...listeners]) listener({ data: content });
  };
  port.on('message', deliver);
  return {
    deliver,
    post: (message) => port.postMessage(['message', message] satisfies Frame),
    calls: {
      postMessage: (message: unknown, transfer?: unknown[]) =>
        port.postMessage(['call', message] satisfies Frame, transfer as Transferable[]),
      // comlink only ever gives a function, although the type of an event target allows an object as well.
      addEventListener: (_type, listener: unknown) => void listeners.add(listener as never),
      removeEventListener: (_type, listener: unknown) => void listeners.delete(listener as never),
    },
  };
}

/** Why data that arrived is no frame; undefined when it is a frame. */
function problemOf(data: unknown): string | undefined {
  if (!Array.isArray(data) || data.length !== 2) return `${describeValue(data)} is no message of ours`;
  const [kind, content] = data as readonly unknown[];
  if (kind === 'message') return undefined;
  if (kind !== 'call') return `a message of the kind ${describeValue(kind)} is none of ours`;
  // comlink reads fields of whatever it is given.
  return typeof content === 'object' && content !== null ? undefined : `${describeValue(content)} is no call`;
}
