import { EventEmitter } from 'node:events';
import { type Address, isNumericHost } from '../network/address.js';
import type { Carrier, CarrierSocket } from '../network/carrier.js';
import { DATAGRAM_BYTES_MAX } from '../network/send-obstacle.js';
import type { Clock } from '../runtime/clock.js';
import { nodeError } from './node-error.js';

/** What the sockets of one instance need. */
export interface EmulatedDgramInit {
  /** The emulated network as the instance's host. */
  readonly carrier: Carrier;
  /** The instance's address. */
  readonly host: string;
  /** The instance's clock: callbacks and events come in later turns of it, as from a real socket. */
  readonly clock: Clock;
  /** Ties a socket to the life of the instance. @returns a function that cuts the tie */
  readonly own: (close: () => void) => () => void;
}

type Callback = (...args: unknown[]) => void;

interface BindOptions {
  readonly port?: number;
  readonly address?: string;
}

interface SocketOptions {
  readonly type: string;
  readonly recvBufferSize?: number;
  readonly sendBufferSize?: number;
  readonly signal?: AbortSignal;
}

/** What the system grants a socket on Linux by default. */
const BUFFER_BYTES = 212_992;
const HOSTS_OF_ITSELF = new Set(['', '0.0.0.0', '127.0.0.1', 'localhost']);
/** Accepted without effect: the emulated network has no routers that count hops, and no groups. */
const SETTINGS = [
  ...['setBroadcast', 'setTTL', 'setMulticastTTL', 'setMulticastLoopback', 'setMulticastInterface'],
] as const;
const GROUPS = [
  'addMembership',
  'dropMembership',
  'addSourceSpecificMembership',
  'dropSourceSpecificMembership',
] as const;

/** `node:dgram` on the emulated network: the same calls, events and errors, in the experiment's time. */
export function emulatedDgram(init: EmulatedDgramInit): object {
  class Socket extends EmulatedSocket {
    constructor(options: string | SocketOptions, listener?: Callback) {
      super(init, typeof options === 'string' ? { type: options } : options, listener);
    }
  }
  return {
    Socket,
    createSocket: (options: string | SocketOptions, listener?: Callback) => new Socket(options, listener),
  };
}

class EmulatedSocket extends EventEmitter {
  readonly type: string;
  readonly #init: EmulatedDgramInit;
  #socket: CarrierSocket | undefined;
  #state: 'unbound' | 'binding' | 'bound' | 'closed' = 'unbound';
  #remote: Address | undefined;
  #recvBufferSize: number;
  #sendBufferSize: number;
  #disown: () => void;

  constructor(init: EmulatedDgramInit, options: SocketOptions, listener?: Callback) {
    super();
    const { type, recvBufferSize = BUFFER_BYTES, sendBufferSize = BUFFER_BYTES, signal } = options;
    if (type === 'udp6')
      throw nodeError('EAFNOSUPPORT', 'udp6: the emulated network has IPv4 only', { syscall: 'socket' });
    if (type !== 'udp4')
      throw nodeError('ERR_SOCKET_BAD_TYPE', 'Bad socket type specified. Valid types are: udp4, udp6');
    this.type = type;
    this.#init = init;
    this.#recvBufferSize = recvBufferSize;
    this.#sendBufferSize = sendBufferSize;
    this.#disown = init.own(() => this.#release());
    if (listener !== undefined) this.on('message', listener);
    if (signal?.aborted === true) this.close();
    else signal?.addEventListener('abort', () => this.#state !== 'closed' && this.close(), { once: true });
  }

  bind(...args: unknown[]): this {
    this.#requireOpen();
    if (this.#state !== 'unbound') throw nodeError('ERR_SOCKET_ALREADY_BOUND', 'Socket is already bound');
    const callback = takeCallback(args);
    const [first, second] = args as [number | BindOptions | undefined, string | undefined];
    const { port = 0, address = second ?? '' } =
      typeof first === 'object' ? first : first === undefined ? {} : { port: first };
    const wanted = portOf(port, true);
    if (callback !== undefined) this.once('listening', callback);
    this.#bind(wanted, address);
    return this;
  }

  send(...args: unknown[]): void {
    this.#requireOpen();
    const callback = takeCallback(args);
    const { packet, port, address } = this.#parseSend(args);
    if (this.#state === 'unbound') this.#bind(0, '');
    const { carrier, host, clock } = this.#init;
    const fail = (error: Error) =>
      this.#later(() => (callback === undefined ? this.emit('error', error) : callback(error)));
    if (packet.length > DATAGRAM_BYTES_MAX) {
      fail(addressError('send', 'EMSGSIZE', address, port));
      return;
    }
    const destination = address === '' || address === 'localhost' ? '127.0.0.1' : address;
    if (!isNumericHost(destination)) {
      fail(nodeError('ENOTFOUND', `getaddrinfo ENOTFOUND ${address}`, { syscall: 'getaddrinfo', hostname: address }));
      return;
    }
    const copy = Buffer.from(packet);
    const go = () => {
      if (this.#socket === undefined) return;
      carrier.carry({ host, port: this.#socket.address.port }, { host: destination, port }, copy);
      if (callback !== undefined) clock.scheduleTurn(() => callback(null, copy.length));
    };
    // A socket that is being bound sends when it is bound, as Node's does.
    if (this.#state === 'bound') go();
    else this.once('listening', go);
  }

  connect(...args: unknown[]): void {
    this.#requireOpen();
    if (this.#remote !== undefined) throw nodeError('ERR_SOCKET_DGRAM_IS_CONNECTED', 'Already connected');
    const callback = takeCallback(args);
    const [port, address = '127.0.0.1'] = args as [number, string | undefined];
    this.#remote = { host: address === 'localhost' ? '127.0.0.1' : address, port: portOf(port, false) };
    if (callback !== undefined) this.once('connect', callback);
    if (this.#state === 'unbound') this.#bind(0, '');
    this.#later(() => this.emit('connect'));
  }

  disconnect(): void {
    if (this.#remote === undefined) throw nodeError('ERR_SOCKET_DGRAM_NOT_CONNECTED', 'Not connected');
    this.#remote = undefined;
  }

  remoteAddress(): object {
    if (this.#remote === undefined) throw nodeError('ERR_SOCKET_DGRAM_NOT_CONNECTED', 'Not connected');
    return { address: this.#remote.host, family: 'IPv4', port: this.#remote.port };
  }

  address(): object {
    this.#requireOpen();
    if (this.#socket === undefined) throw nodeError('EBADF', 'getsockname EBADF', { syscall: 'getsockname' });
    return { address: this.#socket.address.host, family: 'IPv4', port: this.#socket.address.port };
  }

  close(callback?: Callback): this {
    this.#requireOpen();
    if (callback !== undefined) this.once('close', callback);
    this.#release();
    this.#disown();
    this.#later(() => this.emit('close'));
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#state === 'closed') return;
    await new Promise<void>((resolve) => this.close(() => resolve()));
  }

  /** Virtual time goes on as long as instances live: no socket keeps anything alive. */
  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  getRecvBufferSize(): number {
    return this.#recvBufferSize;
  }

  setRecvBufferSize(size: number): void {
    this.#recvBufferSize = size;
  }

  getSendBufferSize(): number {
    return this.#sendBufferSize;
  }

  setSendBufferSize(size: number): void {
    this.#sendBufferSize = size;
  }

  getSendQueueSize(): number {
    return 0;
  }

  getSendQueueCount(): number {
    return 0;
  }

  #bind(port: number, address: string): void {
    const { carrier, host } = this.#init;
    if (!HOSTS_OF_ITSELF.has(address) && address !== host) {
      const error = addressError('bind', 'EADDRNOTAVAIL', address, port);
      this.#later(() => this.emit('error', error));
      return;
    }
    this.#state = 'binding';
    const socket = carrier.bind(host, port, (source, packet) => this.#receive(source, packet));
    if (port !== 0 && socket.address.port !== port) {
      socket.close();
      this.#state = 'unbound';
      const error = addressError('bind', 'EADDRINUSE', address === '' ? '0.0.0.0' : address, port);
      this.#later(() => this.emit('error', error));
      return;
    }
    this.#socket = socket;
    this.#later(() => {
      this.#state = 'bound';
      this.emit('listening');
    });
  }

  #receive(source: Address, packet: Buffer): void {
    if (this.#state === 'closed') return;
    if (this.#remote !== undefined && (source.host !== this.#remote.host || source.port !== this.#remote.port)) return;
    this.emit('message', packet, { address: source.host, family: 'IPv4', port: source.port, size: packet.length });
  }

  #parseSend(args: unknown[]): { readonly packet: Buffer; readonly port: number; readonly address: string } {
    const [message] = args;
    const isRange =
      typeof args[1] === 'number' && typeof args[2] === 'number' && (this.#remote !== undefined || args.length > 3);
    const whole = bytesOf(message);
    const [packet, rest] = isRange
      ? [whole.subarray(args[1] as number, (args[1] as number) + (args[2] as number)), args.slice(3)]
      : [whole, args.slice(1)];
    if (this.#remote !== undefined) {
      if (rest.some((each) => each !== undefined))
        throw nodeError('ERR_SOCKET_DGRAM_IS_CONNECTED', 'Already connected');
      return { packet, port: this.#remote.port, address: this.#remote.host };
    }
    const [port, address = '127.0.0.1'] = rest as [number, string | undefined];
    const wanted = portOf(port, false);
    if (typeof address !== 'string')
      throw nodeError('ERR_INVALID_ARG_TYPE', 'The "address" argument must be of type string');
    return { packet, port: wanted, address };
  }

  #release(): void {
    this.#state = 'closed';
    this.#socket?.close();
    this.#socket = undefined;
  }

  #requireOpen(): void {
    if (this.#state === 'closed') throw nodeError('ERR_SOCKET_DGRAM_NOT_RUNNING', 'Not running');
  }

  #later(call: () => void): void {
    this.#init.clock.scheduleTurn(call);
  }
}

for (const name of [...SETTINGS, ...GROUPS])
  Object.defineProperty(EmulatedSocket.prototype, name, { value: (argument: unknown) => argument, writable: true });

function takeCallback(args: unknown[]): Callback | undefined {
  while (args.length > 0 && args.at(-1) === undefined) args.pop();
  return typeof args.at(-1) === 'function' ? (args.pop() as Callback) : undefined;
}

function bytesOf(message: unknown): Buffer {
  if (typeof message === 'string') return Buffer.from(message);
  if (ArrayBuffer.isView(message)) return Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  if (Array.isArray(message)) return Buffer.concat(message.map(bytesOf));
  throw nodeError(
    'ERR_INVALID_ARG_TYPE',
    'The "buffer" argument must be of type string or an instance of Buffer, TypedArray, or DataView',
  );
}

/** @throws RangeError ERR_SOCKET_BAD_PORT */
function portOf(port: unknown, mayBeAny: boolean): number {
  const value = typeof port === 'string' && port.trim() !== '' ? Number(port) : port;
  if (typeof value === 'number' && Number.isInteger(value) && value >= (mayBeAny ? 0 : 1) && value <= 0xffff)
    return value;
  const range = mayBeAny ? '>= 0' : '> 0';
  throw nodeError('ERR_SOCKET_BAD_PORT', `Port should be ${range} and < 65536. Received ${String(port)}.`);
}

/** An error of the system about an address: `bind EADDRINUSE 0.0.0.0:4000`. */
function addressError(syscall: string, code: string, address: string, port: number): Error {
  return nodeError(code, `${syscall} ${code} ${address}:${port}`, { syscall, address, port });
}
