import type { Endpoint } from './endpoint.js';
import type { EndpointCounts } from './endpoint-counts.js';

/** What can be measured where packets leave and arrive: for whoever measures. What cannot be measured there is undefined, never 0. */
export interface SocketFigures {
  readonly counts: Readonly<EndpointCounts>;
  /** Packets that were given to `send` and have not left yet; undefined where packets never wait. */
  readonly sendQueueLength: number | undefined;
  /** What the system grants for packets that nobody has read yet; undefined while closed, and where the system has no part. */
  readonly receiveBufferBytes: number | undefined;
}

/** An endpoint together with its figures: what a network hands out. */
export interface MeteredEndpoint extends Endpoint, SocketFigures {}
