import { createSocket, type Socket } from 'node:dgram';
import { toError } from '../runtime/errors.js';
import type { Logger } from '../runtime/logger.js';
import type { Address } from './address.js';
import type { EndpointOpenOptions, PacketListener } from './endpoint.js';
import { EndpointCounts } from './endpoint-counts.js';
import { PacketListeners } from './packet-listeners.js';
import { checkPort, portUnavailable } from './port-error.js';
import type { MeteredEndpoint } from './socket-figures.js';

export interface UdpEndpointInit {
  readonly logger: Logger;
  /** The interface to bind. @default '127.0.0.1' */
  readonly host?: string;
  /** How large a receive buffer to ask for; the system may grant less. @default the system's own */
  readonly receiveBufferBytes?: number;
}

/** An endpoint on a UDP socket of the operating system. */
export class UdpEndpoint implements MeteredEndpoint {
  readonly counts = new EndpointCounts();
  readonly #host: string;
  readonly #logger: Logger;
  readonly #wantedBufferBytes: number | undefined;
  readonly #listeners: PacketListeners;
  #receiveBufferBytes: number | undefined;
  #socket: Socket | undefined;
  #address: Address | undefined;
  #opening: Promise<Address> | undefined;

  constructor(init: UdpEndpointInit) {
    this.#host = init.host ?? '127.0.0.1';
    this.#logger = init.logger;
    this.#wantedBufferBytes = init.receiveBufferBytes;
    this.#listeners = new PacketListeners(this.counts, init.logger);
  }

  get address(): Address | undefined {
    return this.#address;
  }

  get sendQueueLength(): number | undefined {
    return this.#socket?.getSendQueueCount();
  }

  get receiveBufferBytes(): number | undefined {
    return this.#receiveBufferBytes;
  }

  async open(options: EndpointOpenOptions = {}): Promise<Address> {
    if (this.#address !== undefined) return this.#address;
    this.#opening ??= this.#open(options.preferredPort ?? 0).finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  async close(): Promise<void> {
    // A close that overtakes an open waits for it, so that no socket is left behind. An open socket is let go at once.
    if (this.#opening !== undefined) await this.#opening.catch(() => undefined);
    const socket = this.#socket;
    if (socket === undefined) return;
    this.#socket = undefined;
    this.#address = undefined;
    this.#receiveBufferBytes = undefined;
    await new Promise<void>((resolve) => socket.close(resolve));
  }

  send(address: Address, packet: Buffer): void {
    const socket = this.#socket;
    if (this.counts.admit(socket !== undefined, address, packet))
      socket?.send(packet, address.port, address.host, this.#onSent);
  }

  onPacket(listener: PacketListener): () => void {
    return this.#listeners.add(listener);
  }

  async #open(preferredPort: number): Promise<Address> {
    checkPort(this.#host, preferredPort);
    const socket = await this.#bind(preferredPort).catch((error: unknown) => {
      if (preferredPort !== 0 && isPortTaken(error)) return this.#bind(0);
      throw error;
    });
    socket.on('message', (packet, { address, port }) => {
      // Packets that were read before the socket was closed are for nobody any more.
      if (socket === this.#socket) this.#listeners.deliver({ host: address, port }, packet);
    });
    socket.on('error', (error) => this.#logger.error('the socket failed', error));
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
        reject(portUnavailable(this.#host, port, error.message, error));
      });
      socket.bind(port, this.#host, () => {
        socket.removeAllListeners('error');
        resolve(socket);
      });
    });
  }

  /** One function for all packets: a closure each would be garbage for every packet sent. */
  readonly #onSent = (error: Error | null): void => {
    if (error !== null) this.counts.sendErrors++;
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

/** @returns the size that the system grants */
function growReceiveBuffer(socket: Socket, wantedBytes: number | undefined): number {
  if (wantedBytes !== undefined && socket.getRecvBufferSize() < wantedBytes)
    try {
      socket.setRecvBufferSize(wantedBytes);
    } catch {
      // Some systems refuse a size beyond their limit, where others grant as much as they can.
    }
  return socket.getRecvBufferSize();
}

function isPortTaken(error: unknown): boolean {
  const cause = toError(error).cause;
  return cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
}
