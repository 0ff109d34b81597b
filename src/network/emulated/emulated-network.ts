import type { EventMaker } from '../../runtime/virtual-time/event-maker.js';
import type { EventDetail } from '../../runtime/virtual-time/virtual-event.js';
import { type Address, addressKey } from '../address.js';
import type { Carrier, CarrierSocket } from '../carrier.js';
import { freeDynamicPort } from '../dynamic-port.js';
import { checkPort, portUnavailable } from '../port-error.js';
import type { Bandwidths } from '../links/bandwidth.js';
import { depart } from '../links/departure.js';
import type { PacketFates } from '../links/packet-fate.js';
import { Meetings } from '../nat/meetings.js';
import type { RouteObstacle, Router } from '../nat/router.js';
import type { NetworkFigures, PacketCount } from '../network-figures.js';
import type { CrossingPacket, PacketSender } from './crossing-packet.js';

export interface EmulatedNetworkInit {
  readonly events: EventMaker;
  readonly fates: PacketFates;
  readonly router: Router;
  readonly bandwidths: Bandwidths;
  readonly figures: NetworkFigures;
  /** The number of the thread that the network's part here is in. */
  readonly thread: number;
  /** The thread that an entity lives in; undefined for an entity that the run does not have. */
  readonly threadOf: (entity: number) => number | undefined;
  /** Brings packets to the other threads; absent where there is one thread only. */
  readonly others?: PacketSender;
}

/** What is counted when a packet gets no further than its sender's NAT. */
const COUNT_OF = {
  nobody: 'toNobody',
  hairpin: 'notHairpinned',
  ports: 'withoutPort',
} as const satisfies Readonly<Record<RouteObstacle, PacketCount>>;

interface BoundSocket extends CarrierSocket {
  readonly receive: (source: Address, packet: Buffer) => void;
}

/**
 * The part of an emulated network that lies in one thread. A packet is an event of its receiver: it arrives after the
 * latency of its link, exactly, whether the receiver lives in this thread or in another.
 */
export class EmulatedNetwork {
  readonly #init: EmulatedNetworkInit;
  /** Who has met whom across NATs; undefined in a run without any. */
  readonly #meetings: Meetings | undefined;
  /** The sockets of each entity of this thread, by port. */
  readonly #sockets = new Map<number, Map<number, BoundSocket>>();

  constructor(init: EmulatedNetworkInit) {
    this.#init = init;
    const { router, figures } = init;
    this.#meetings = router.hasNats ? new Meetings((entity) => router.natTypeOf(entity), figures) : undefined;
  }

  /** Takes a packet that an entity of another thread has sent. */
  receive(crossing: CrossingPacket): void {
    const { buffer, byteOffset, length } = crossing.bytes;
    this.#insert(crossing, Buffer.from(buffer, byteOffset, length));
  }

  /** The network as the sockets of an entity of this thread see it. */
  carrierOf(entity: number): Carrier {
    return {
      bind: (host, preferredPort, receive) => this.#bind(entity, host, preferredPort, receive),
      carry: (source, destination, packet) => this.#carry(entity, source, destination, packet),
    };
  }

  #bind(
    entity: number,
    host: string,
    preferredPort: number,
    receive: (source: Address, packet: Buffer) => void,
  ): CarrierSocket {
    checkPort(host, preferredPort);
    const own = this.#init.router.insideHostOf(entity);
    if (host !== own) throw portUnavailable(host, preferredPort, `this host of the emulated network is ${own}`);
    const sockets = this.#sockets.get(entity) ?? new Map<number, BoundSocket>();
    this.#sockets.set(entity, sockets);
    const isFree = (each: number) => each !== 0 && !sockets.has(each);
    const port = isFree(preferredPort) ? preferredPort : freeDynamicPort(host, preferredPort, isFree);
    const socket: BoundSocket = {
      address: { host, port },
      receive,
      close: () => {
        if (sockets.get(port) === socket) sockets.delete(port);
      },
    };
    sockets.set(port, socket);
    return socket;
  }

  #carry(source: number, { port: sourcePort }: Address, destination: Address, packet: Buffer): void {
    const { events, router, figures, threadOf } = this.#init;
    figures.count('sent');
    const route = router.route(source, sourcePort, destination, events.nowMs);
    if ('obstacle' in route) {
      figures.count(COUNT_OF[route.obstacle]);
      return;
    }
    const { target, isInside } = route;
    const thread = threadOf(target);
    if (thread === undefined) {
      figures.count('toNobody');
      return;
    }
    if (!isInside) this.#meetings?.sent(source, target);
    const sentMs = events.nowMs;
    depart(this.#init, source, target, packet, sentMs, (timeMs, bytes) =>
      this.#send(thread, {
        timeMs,
        sentMs,
        target,
        source,
        sequence: events.nextSequence(source),
        sourcePort: route.sourcePort,
        targetPort: destination.port,
        isInside,
        bytes,
      }),
    );
  }

  /** Brings a packet to the thread of its receiver; its bytes are still the sender's. */
  #send(thread: number, crossing: CrossingPacket): void {
    if (thread === this.#init.thread) this.#insert(crossing, Buffer.from(crossing.bytes));
    else this.#init.others?.send(thread, crossing);
  }

  /** Makes a packet an event of its receiver, which lives in this thread. @param packet - its bytes, which are the receiver's */
  #insert(crossing: CrossingPacket, packet: Buffer): void {
    const { timeMs, target, source, sequence, sourcePort, targetPort, isInside } = crossing;
    const from = { host: this.#init.router.sourceHostOf(source, isInside), port: sourcePort };
    const deliver = () => this.#arrive(crossing, from, packet);
    const detail = this.#detailOf(from, targetPort, packet);
    this.#init.events.insert('packet', timeMs, target, source, sequence, deliver, detail);
  }

  #detailOf(from: Address, port: number, bytes: Buffer): EventDetail | undefined {
    return this.#init.events.isTraced ? { what: `${addressKey(from)} to port ${port}`, bytes } : undefined;
  }

  /** A packet has come to the end of its link: it still has to come in through its receiver's connection. */
  #arrive(crossing: CrossingPacket, from: Address, packet: Buffer): void {
    const { events, bandwidths, figures } = this.#init;
    const { target, source, targetPort } = crossing;
    const inMs = target === source ? 0 : bandwidths.passDown(target, events.nowMs, packet.length);
    if (inMs === 0) this.#deliver(crossing, from, packet);
    else if (inMs === undefined) figures.count('queueFull');
    else {
      const deliver = () => this.#deliver(crossing, from, packet);
      const detail = this.#detailOf(from, targetPort, packet);
      events.add('packet', events.nowMs + inMs, target, target, deliver, detail);
    }
  }

  #deliver({ target, source, targetPort, isInside, sentMs }: CrossingPacket, from: Address, packet: Buffer): void {
    const { router, events, figures } = this.#init;
    const port = isInside ? targetPort : router.admit(target, targetPort, from, events.nowMs);
    if (port === undefined) {
      figures.count('filtered');
      return;
    }
    const socket = this.#sockets.get(target)?.get(port);
    if (socket === undefined) {
      figures.count('toNobody');
      return;
    }
    if (!isInside) this.#meetings?.received(target, source);
    figures.measuredDelays.record(events.nowMs - sentMs);
    socket.receive(from, packet);
  }
}
