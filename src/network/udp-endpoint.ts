import { createSocket, type Socket } from 'node:dgram';
import { EventEmitter } from 'eventemitter3';
import { GumbyError, toError } from '../runtime/errors.js';
import type { Logger } from '../runtime/logger.js';
import type { Address } from './address.js';
import type { Endpoint, EndpointEvents, EndpointOpenOptions } from './endpoint.js';
import { EndpointStatistics } from './endpoint-statistics.js';

export interface UdpEndpointInit {
  readonly logger: Logger;
  /** The interface to bind. @default '127.0.0.1' */
  readonly host?: string;
  /** How large a receive buffer to ask for; the system may grant less. @default the system's own */
  readonly receiveBufferBytes?: number;
}

/** 65,535 minus the headers of IPv4 (20) and UDP (8): the longest payload that IPv4 can carry. */
export const DATAGRAM_BYTES_MAX = 65_507;

/** An endpoint on a UDP socket of the operating system. */
export class UdpEndpoint extends EventEmitter<EndpointEvents> implements Endpoint {
  readonly statistics = new EndpointStatistics();
  readonly #host: string;
  readonly #logger: Logger;
  readonly #wantedBufferBytes: number | undefined;
  #receiveBufferBytes = 0;
  #socket: Socket | undefined;
  #address: Address | undefined;
  #opening: Promise<Address> | undefined;
  #listenerErrorLogged = false;

  constructor(init: UdpEndpointInit) {
    super();
    this.#host = init.host ?? '127.0.0.1';
    this.#logger = init.logger;
    this.#wantedBufferBytes = init.receiveBufferBytes;
  }

  get address(): Address | undefined {
    return this.#address;
  }

  get sendQueueLength(): number {
    return this.#socket?.getSendQueueCount() ?? 0;
  }

  get receiveBufferBytes(): number {
    return this.#receiveBufferBytes;
  }

  async open(options: EndpointOpenOptions = {}): Promise<Address> {
    if (this.#address !== undefined) return this.#address;
    this.#opening ??= this.#open(options.preferredPort ?? 0).finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  async close(): Promise<void> {
    // A close that overtakes an open waits for it: a socket must not be left behind.
    await this.#opening?.catch(() => undefined);
    const socket = this.#socket;
    if (socket === undefined) return;
    this.#socket = undefined;
    this.#address = undefined;
    this.#receiveBufferBytes = 0;
    await new Promise<void>((resolve) => socket.close(resolve));
  }

  send(address: Address, packet: Buffer): void {
    const { statistics } = this;
    if (this.#socket === undefined) statistics.dropped['endpoint is closed']++;
    else if (packet.length > DATAGRAM_BYTES_MAX) statistics.dropped['packet too long']++;
    else if (!(address.port > 0 && address.port <= 0xffff)) statistics.dropped['invalid address']++;
    else {
      statistics.packetsUp++;
      statistics.bytesUp += packet.length;
      this.#socket.send(packet, address.port, address.host, this.#onSent);
    }
  }

  async #open(preferredPort: number): Promise<Address> {
    const socket = await this.#bind(preferredPort).catch((error: unknown) => {
      if (preferredPort !== 0 && isPortTaken(error)) return this.#bind(0);
      throw error;
    });
    socket.on('message', (packet, { address, port }) => this.#onMessage({ host: address, port }, packet));
    socket.on('error', (error) => this.#onError(error));
    this.#socket = socket;
    this.#receiveBufferBytes = growReceiveBuffer(socket, this.#wantedBufferBytes);
    this.#address = { host: this.#host, port: socket.address().port };
    return this.#address;
  }

  async #bind(port: number): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = createSocket({ type: 'udp4', lookup: numericHostsOnly });
      socket.once('error', (error) => {
        socket.close();
        reject(
          new GumbyError('PORT_UNAVAILABLE', `cannot bind UDP port ${port} of ${this.#host}: ${error.message}`, {
            context: { host: this.#host, port },
            cause: error,
          }),
        );
      });
      socket.bind(port, this.#host, () => {
        socket.removeAllListeners('error');
        resolve(socket);
      });
    });
  }

  #onMessage(source: Address, packet: Buffer): void {
    this.statistics.packetsDown++;
    this.statistics.bytesDown += packet.length;
    try {
      this.emit('packet', source, packet);
    } catch (error) {
      this.statistics.listenerErrors++;
      if (this.#listenerErrorLogged) return;
      this.#listenerErrorLogged = true;
      this.#logger.error('a listener failed on a packet (further ones are only counted)', error);
    }
  }

  #onError(error: Error): void {
    if (!this.emit('error', error)) this.#logger.error('the socket failed', error);
  }

  /** One function for all packets: a closure each would be garbage for every packet sent. */
  readonly #onSent = (error: Error | null): void => {
    if (error !== null) this.statistics.sendErrors++;
  };
}

/** Stands in for the DNS look-up of `node:dgram`: a name is left as it is, and the system then refuses it. */
function numericHostsOnly(
  host: string,
  _options: unknown,
  callback: (error: null, address: string, family: number) => void,
): void {
  callback(null, host, 4);
}

/** @returns what the system grants */
function growReceiveBuffer(socket: Socket, wantedBytes: number | undefined): number {
  if (wantedBytes !== undefined && socket.getRecvBufferSize() < wantedBytes)
    try {
      socket.setRecvBufferSize(wantedBytes);
    } catch {
      // Some systems refuse what is beyond their limit, where others grant as much as they can.
    }
  return socket.getRecvBufferSize();
}

function isPortTaken(error: unknown): boolean {
  const cause = toError(error).cause;
  return cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
}
