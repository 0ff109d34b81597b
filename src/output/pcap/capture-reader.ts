import { closeSync, openSync, readSync } from 'node:fs';
import {
  BLOCK_BYTES_MIN,
  type CapturedPacket,
  ENHANCED_PACKET,
  INTERFACE_DESCRIPTION,
  interfaceNameIn,
  isOurSection,
  readPacket,
  sightingIn,
} from './pcapng-blocks.js';

/** Small enough for the parts of a thousand threads to be read side by side. */
const CHUNK_BYTES = 1 << 16;
/** No block of ours is longer: what says so is no capture. */
const BLOCK_BYTES_MAX = 1 << 20;

/** The block of a packet, and what is needed to put it in order. */
export interface PacketBlock {
  /** The name of the interface that saw the packet. */
  readonly interfaceName: string;
  /** Unix time in microseconds. */
  readonly timeUs: number;
  /** The block's own bytes. */
  readonly bytes: Buffer;
}

/** A packet as a reader of a capture wants it. */
export interface ReadPacket extends Omit<CapturedPacket, 'interfaceId'> {
  readonly interfaceName: string;
}

/** A capture as a whole, for files that have room in memory. */
export interface Capture {
  /** The names of all interfaces, in their order. */
  readonly interfaces: readonly string[];
  readonly packets: readonly ReadPacket[];
}

/** Reads a capture of ours, up to the first block that is not whole. */
export function readCapture(file: string): Capture {
  const interfaces: string[] = [];
  const packets: ReadPacket[] = [];
  for (const { interfaceName, bytes } of packetBlocksOf(file, interfaces)) {
    const packet = readPacket(bytes);
    if (packet === undefined) break;
    const { timeUs, direction, source, destination, payload } = packet;
    packets.push({ interfaceName, timeUs, direction, source, destination, payload });
  }
  return { interfaces, packets };
}

/**
 * The packets of a capture of ours, one chunk of the file in memory at a time. A block that was cut off – its thread died
 * over it, or the disk was full – ends the capture.
 * @param interfaces - is filled with the names of the interfaces
 */
export function* packetBlocksOf(file: string, interfaces: string[] = []): Generator<PacketBlock> {
  const blocks = blocksOf(file);
  const first = blocks.next();
  if (first.done === true || !isOurSection(first.value)) return;
  for (const bytes of blocks) {
    const type = bytes.readUInt32LE(0);
    if (type === INTERFACE_DESCRIPTION) {
      const name = interfaceNameIn(bytes);
      if (name === undefined) return;
      interfaces.push(name);
    } else if (type === ENHANCED_PACKET) {
      const { interfaceId, timeUs } = sightingIn(bytes);
      const interfaceName = interfaces[interfaceId];
      if (interfaceName === undefined) return;
      yield { interfaceName, timeUs, bytes };
    }
  }
}

/** The blocks of a file as they are, until one is not whole. */
function* blocksOf(file: string): Generator<Buffer> {
  const descriptor = openSync(file, 'r');
  try {
    let bytes: Buffer = Buffer.alloc(0);
    for (let isOver = false; !isOver;) {
      // Blocks that were handed out stay as they are: each chunk has memory of its own.
      const chunk = Buffer.allocUnsafeSlow(bytes.length + CHUNK_BYTES);
      const kept = bytes.copy(chunk);
      const read = readSync(descriptor, chunk, kept, CHUNK_BYTES, null);
      isOver = read === 0;
      bytes = chunk.subarray(0, kept + read);
      for (;;) {
        const length = bytes.length < BLOCK_BYTES_MIN ? Infinity : bytes.readUInt32LE(4);
        if (length !== Infinity && !isBlockLength(length)) return;
        if (length > bytes.length) break;
        if (bytes.readUInt32LE(length - 4) !== length) return;
        yield bytes.subarray(0, length);
        bytes = bytes.subarray(length);
      }
    }
  } finally {
    closeSync(descriptor);
  }
}

function isBlockLength(length: number): boolean {
  return length >= BLOCK_BYTES_MIN && length <= BLOCK_BYTES_MAX && length % 4 === 0;
}
