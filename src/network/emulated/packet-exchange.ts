import type { HostExchange } from '../../runtime/virtual-time/window-runner.js';
import {
  type CrossingPacket,
  type PacketSender,
  readCrossing,
  recordBytesOf,
  writeCrossing,
} from './crossing-packet.js';

/** The memory between the threads of a run: for each pair of threads, in each direction, two parts. */
export interface ExchangeMemory {
  readonly hostCount: number;
  /** By sender, then receiver, then part. */
  readonly parts: readonly SharedArrayBuffer[];
}

const PART_BYTES = 64 * 1024;
/** Address space is only set aside; memory is taken as it is used. */
const PART_BYTES_MAX = 256 * 1024 * 1024;
/** The length of what is written comes first. */
const HEADER_BYTES = 8;

export function createExchangeMemory(hostCount: number): ExchangeMemory {
  const parts = Array.from(
    { length: hostCount * hostCount * 2 },
    // A length that can grow: TypeScript's library does not know of the second parameter yet.
    () => new (SharedArrayBuffer as GrowableConstructor)(PART_BYTES, { maxByteLength: PART_BYTES_MAX }),
  );
  return { hostCount, parts };
}

/** ECMAScript 2024: a shared buffer that can grow up to a length that is given when it is made. */
type GrowableConstructor = new (length: number, options: { readonly maxByteLength: number }) => SharedArrayBuffer;
type Growable = SharedArrayBuffer & { grow(length: number): void };

/**
 * Hands packets to the other threads of a run. What is sent in one window is read at the start of the next, while the
 * other of the two parts is written: so no reader and writer ever meet.
 */
export class PacketExchange implements HostExchange, PacketSender {
  readonly #memory: ExchangeMemory;
  readonly #host: number;
  readonly #onPacket: (packet: CrossingPacket) => void;
  readonly #written: number[];
  #part = 0;
  #sentMs = Infinity;

  /** @param onPacket - takes each packet that another thread sent; its bytes are its own */
  constructor(memory: ExchangeMemory, host: number, onPacket: (packet: CrossingPacket) => void) {
    this.#memory = memory;
    this.#host = host;
    this.#onPacket = onPacket;
    this.#written = new Array<number>(memory.hostCount).fill(HEADER_BYTES);
  }

  send(to: number, packet: CrossingPacket): void {
    const from = this.#written[to] as number;
    const end = from + recordBytesOf(packet);
    const part = this.#partOf(this.#host, to);
    if (end > part.byteLength) (part as Growable).grow(Math.min(PART_BYTES_MAX, Math.max(end, 2 * part.byteLength)));
    writeCrossing(part, from, packet);
    this.#written[to] = end;
    this.#sentMs = Math.min(this.#sentMs, packet.timeMs);
  }

  takeSentMs(): number {
    for (const [to, end] of this.#written.entries()) {
      if (to !== this.#host) new DataView(this.#partOf(this.#host, to)).setUint32(0, end - HEADER_BYTES);
      this.#written[to] = HEADER_BYTES;
    }
    const sentMs = this.#sentMs;
    this.#sentMs = Infinity;
    this.#part = 1 - this.#part;
    return sentMs;
  }

  receive(): void {
    for (let from = 0; from < this.#memory.hostCount; from++) if (from !== this.#host) this.#receiveFrom(from);
  }

  #receiveFrom(sender: number): void {
    // The part that was written before the last turn of the page.
    const part = this.#memory.parts[this.#indexOf(sender, this.#host, 1 - this.#part)] as SharedArrayBuffer;
    const end = HEADER_BYTES + new DataView(part).getUint32(0);
    for (let offset = HEADER_BYTES; offset < end;) {
      const packet = readCrossing(part, offset);
      this.#onPacket(packet);
      offset += recordBytesOf(packet);
    }
  }

  #partOf(sender: number, receiver: number): SharedArrayBuffer {
    return this.#memory.parts[this.#indexOf(sender, receiver, this.#part)] as SharedArrayBuffer;
  }

  #indexOf(sender: number, receiver: number, part: number): number {
    return (sender * this.#memory.hostCount + receiver) * 2 + part;
  }
}
