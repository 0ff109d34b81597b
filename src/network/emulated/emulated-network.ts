import type { EventScheduler } from '../../runtime/virtual-time/event-scheduler.js';
import type { EventDetail } from '../../runtime/virtual-time/virtual-event.js';
import { type Address, addressKey, NO_ADDRESS } from '../address.js';
import type { Carrier, CarrierSocket } from '../carrier.js';
import { freeDynamicPort } from '../dynamic-port.js';
import { checkPort, portUnavailable } from '../port-error.js';
import { entityOfHost, hostOfEntity } from './entity-address.js';
import { type CrossingPacket, type ExchangeMemory, PacketExchange } from './packet-exchange.js';

/** Decides about every packet of the network; see `LinkTable`. */
export interface PacketFates {
  /** @returns after how many milliseconds the packet arrives; undefined when it is lost */
  delayOf(source: number, target: number): number | undefined;
}

export interface EmulatedNetworkInit {
  readonly scheduler: EventScheduler;
  readonly fates: PacketFates;
  /** The number of the thread that the network's part here is in. */
  readonly thread: number;
  /** The thread that an entity lives in; undefined for an entity that the run does not have. */
  readonly threadOf: (entity: number) => number | undefined;
  /** Absent where there is one thread only. */
  readonly exchange?: ExchangeMemory;
}

/** What became of the packets that entities of this thread sent: `carried` is the sum of all others and of those under way. */
export interface NetworkCounts {
  carried: number;
  lost: number;
  /** Packets for an address that nobody has. */
  toNobody: number;
}

interface BoundSocket extends CarrierSocket {
  readonly receive: (source: Address, packet: Buffer) => void;
}

/**
 * The part of an emulated network that lies in one thread. A packet is an event of its receiver: it arrives after the
 * latency of its link, exactly, whether the receiver lives in this thread or in another.
 */
export class EmulatedNetwork {
  readonly counts: NetworkCounts = { carried: 0, lost: 0, toNobody: 0 };
  readonly exchange: PacketExchange | undefined;
  readonly #init: EmulatedNetworkInit;
  /** The sockets of each entity of this thread, by port. */
  readonly #sockets = new Map<number, Map<number, BoundSocket>>();
  /** The entity of each address that was sent to. */
  readonly #entities = new Map<string, number>();
  readonly #hosts = new Map<number, string>();

  constructor(init: EmulatedNetworkInit) {
    this.#init = init;
    this.exchange =
      init.exchange === undefined
        ? undefined
        : new PacketExchange(init.exchange, init.thread, (packet) => this.#receive(packet));
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
    if (host !== this.#hostOf(entity))
      throw portUnavailable(host, preferredPort, `this host of the emulated network is ${this.#hostOf(entity)}`);
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

  #carry(source: number, from: Address, { host, port }: Address, packet: Buffer): void {
    const { scheduler, fates, thread, threadOf } = this.#init;
    this.counts.carried++;
    const target = this.#entityOf(host, source);
    const targetThread = target === undefined ? undefined : threadOf(target);
    if (target === undefined || targetThread === undefined) {
      this.counts.toNobody++;
      return;
    }
    const delayMs = fates.delayOf(source, target);
    if (delayMs === undefined) {
      this.counts.lost++;
      return;
    }
    const timeMs = scheduler.nowMs + delayMs;
    if (targetThread !== thread) {
      const sequence = scheduler.nextSequence(source);
      const crossing = { timeMs, target, source, sequence, sourcePort: from.port, targetPort: port, bytes: packet };
      this.exchange?.send(targetThread, crossing);
      return;
    }
    const copy = Buffer.from(packet);
    const detail = this.#detailOf(from, port, copy);
    scheduler.add('packet', timeMs, target, source, () => this.#deliver(target, from, port, copy), detail);
  }

  #receive({ timeMs, target, source, sequence, sourcePort, targetPort, bytes }: CrossingPacket): void {
    const from = { host: this.#hostOf(source), port: sourcePort };
    const packet = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const deliver = () => this.#deliver(target, from, targetPort, packet);
    const detail = this.#detailOf(from, targetPort, packet);
    this.#init.scheduler.insert('packet', timeMs, target, source, sequence, deliver, detail);
  }

  #detailOf(from: Address, port: number, bytes: Buffer): EventDetail | undefined {
    return this.#init.scheduler.isTraced ? { what: `${addressKey(from)} to port ${port}`, bytes } : undefined;
  }

  #deliver(target: number, from: Address, port: number, packet: Buffer): void {
    const socket = this.#sockets.get(target)?.get(port);
    if (socket === undefined) this.counts.toNobody++;
    else socket.receive(from, packet);
  }

  #entityOf(host: string, source: number): number | undefined {
    if (host.startsWith('127.')) return source;
    if (host === NO_ADDRESS.host) return undefined;
    const known = this.#entities.get(host);
    if (known !== undefined) return known;
    const entity = entityOfHost(host);
    // An address of nobody is not remembered: a stranger's list of addresses has no end.
    if (entity !== undefined) this.#entities.set(host, entity);
    return entity;
  }

  #hostOf(entity: number): string {
    let host = this.#hosts.get(entity);
    if (host === undefined) this.#hosts.set(entity, (host = hostOfEntity(entity)));
    return host;
  }
}
