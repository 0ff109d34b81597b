import type { Carrier } from '../carrier.js';
import type { PacketObserver } from './packet-observer.js';

/** A network inside this process, whose packets somebody observes at the sockets that are bound through it. */
export function observedCarrier(carrier: Carrier, observer: PacketObserver): Carrier {
  return {
    bind(host, preferredPort, receive) {
      const socket = carrier.bind(host, preferredPort, (source, packet) => {
        observer.onReceived(source, socket.address, packet);
        receive(source, packet);
      });
      return socket;
    },
    carry(source, destination, packet) {
      observer.onSent(source, destination, packet);
      carrier.carry(source, destination, packet);
    },
  };
}
