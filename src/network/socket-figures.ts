import type { Endpoint } from './endpoint.js';
import type { EndpointCounts } from './endpoint-counts.js';

/** Figures that are measured where packets leave and arrive. A figure that cannot be measured there is undefined, never 0. */
export interface SocketFigures {
  readonly counts: Readonly<EndpointCounts>;
  /** Packets that were given to `send` and have not left yet; undefined where packets never wait. */
  readonly sendQueueLength: number | undefined;
  /**
   * How much room the system grants for packets that nobody has read yet; undefined while the endpoint is closed, and
   * where the system has no part.
   */
  readonly receiveBufferBytes: number | undefined;
}

/** An endpoint together with its figures, as networks make it. */
export interface MeteredEndpoint extends Endpoint, SocketFigures {}
