import { closeSync, openSync } from 'node:fs';
import { orWriteFailed, writeAll } from '../write-output-file.js';
import {
  type CapturedPacket,
  interfaceDescription,
  PACKET_BLOCK_BYTES_MAX,
  sectionHeader,
  writePacket,
} from './pcapng-blocks.js';

/** Packets are written together: a call of the system for each would take more than the packet. */
const BUFFER_BYTES = 2 * PACKET_BLOCK_BYTES_MAX;

/** Writes a capture, packet by packet. */
export class CaptureWriter {
  readonly #file: string;
  readonly #descriptor: number;
  readonly #buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  #length = 0;
  readonly #interfaces = new Map<string, number>();

  /** @throws GumbyError OUTPUT_WRITE_FAILED */
  constructor(file: string) {
    this.#file = file;
    this.#descriptor = orWriteFailed(file, () => openSync(file, 'w'));
    this.#length = sectionHeader().copy(this.#buffer);
  }

  /** The number of an interface, which is described in the file from the first call on. @throws GumbyError OUTPUT_WRITE_FAILED */
  interfaceOf(name: string): number {
    const known = this.#interfaces.get(name);
    if (known !== undefined) return known;
    const block = interfaceDescription(name);
    this.#makeRoom(block.length);
    this.#length += block.copy(this.#buffer, this.#length);
    const id = this.#interfaces.size;
    this.#interfaces.set(name, id);
    return id;
  }

  /** @throws GumbyError OUTPUT_WRITE_FAILED */
  note(packet: CapturedPacket): void {
    this.#makeRoom(PACKET_BLOCK_BYTES_MAX);
    this.#length = writePacket(this.#buffer, this.#length, packet);
  }

  /** @throws GumbyError OUTPUT_WRITE_FAILED */
  flush(): void {
    const bytes = this.#buffer.subarray(0, this.#length);
    this.#length = 0;
    if (bytes.length > 0) orWriteFailed(this.#file, () => writeAll(this.#descriptor, bytes));
  }

  /** @throws GumbyError OUTPUT_WRITE_FAILED */
  close(): void {
    this.flush();
    closeSync(this.#descriptor);
  }

  #makeRoom(bytes: number): void {
    if (this.#length + bytes > BUFFER_BYTES) this.flush();
  }
}
