import type { Address } from './address.js';
import { type SendObstacle, sendObstacle } from './send-obstacle.js';

/** Counts the traffic of an endpoint since it was made, whether it was open all the time or not. */
export class EndpointCounts {
  packetsUp = 0;
  packetsDown = 0;
  /** Bytes of payload, without headers. */
  bytesUp = 0;
  bytesDown = 0;
  /** Packets that were refused after they were counted as sent. */
  sendErrors = 0;
  /** How often a call of a listener threw. */
  listenerErrors = 0;
  /** Packets that were given to `send` and could not be sent; they are not among `packetsUp`. */
  readonly dropped: Record<SendObstacle, number> = {
    'endpoint is closed': 0,
    'packet too long': 0,
    'invalid address': 0,
  };

  /** Counts a packet that was given to `send`. @returns whether it can be sent */
  admit(isOpen: boolean, address: Address, packet: Buffer): boolean {
    const obstacle = sendObstacle(isOpen, address, packet);
    if (obstacle !== undefined) {
      this.dropped[obstacle]++;
      return false;
    }
    this.packetsUp++;
    this.bytesUp += packet.length;
    return true;
  }
}
