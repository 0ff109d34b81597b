/**
 * The blocks of a capture file in the format pcapng (draft-ietf-opsawg-pcapng). Every block has its type and its length
 * before it and its length again behind it, all in little-endian order and in words of 32 bits.
 */
import { DATAGRAM_HEADER_BYTES, type Datagram, readDatagram, writeDatagram } from './datagram.js';

/** Where a packet was seen from: at the interface of whom it was sent to, or of who sent it. */
export type Direction = 'inbound' | 'outbound';

/** A packet as an interface saw it. */
export interface CapturedPacket extends Datagram {
  /** The interface's place among the interface blocks before, from 0. */
  readonly interfaceId: number;
  /** Unix time in whole microseconds. */
  readonly timeUs: number;
  readonly direction: Direction;
}

export const SECTION_HEADER = 0x0a0d0d0a;
export const INTERFACE_DESCRIPTION = 1;
export const ENHANCED_PACKET = 6;

/** Type, length, and the length again. */
export const BLOCK_BYTES_MIN = 12;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
/** Packets begin with the header of IPv4. */
const LINKTYPE_RAW = 101;
const OPTION_END = 0;
const OPTION_INTERFACE_NAME = 2;
const OPTION_TIME_RESOLUTION = 9;
const OPTION_PACKET_FLAGS = 2;
/** Time stamps count units of 10^-6 seconds. */
const MICROSECONDS = 6;
const DIRECTION_FLAGS: Readonly<Record<Direction, number>> = { inbound: 1, outbound: 2 };
/** Where the packet begins in its block: behind type, length, interface, two words of time and two lengths. */
const PACKET_OFFSET = 28;
/** The option with the flags, the end of the options, and the length of the block. */
const PACKET_TRAILER_BYTES = 16;
/** The longest block of a packet: IPv4 carries no longer ones. */
export const PACKET_BLOCK_BYTES_MAX = PACKET_OFFSET + 65_536 + PACKET_TRAILER_BYTES;

/** The block that a file begins with. */
export function sectionHeader(): Buffer {
  const body = Buffer.alloc(16);
  body.writeUInt32LE(BYTE_ORDER_MAGIC, 0);
  body.writeUInt16LE(1, 4);
  // Version 1.0 of the format, in a section whose length is not known.
  body.writeUInt16LE(0, 6);
  body.writeBigInt64LE(-1n, 8);
  return block(SECTION_HEADER, body);
}

/** Whether a block begins a file that is written as ours are. */
export function isOurSection(bytes: Buffer): boolean {
  return bytes.length >= 28 && bytes.readUInt32LE(0) === SECTION_HEADER && bytes.readUInt32LE(8) === BYTE_ORDER_MAGIC;
}

/** The block of an interface. The first in a file is interface 0, and so on. */
export function interfaceDescription(name: string): Buffer {
  const link = Buffer.alloc(8);
  link.writeUInt16LE(LINKTYPE_RAW, 0);
  // A snap length of 0: no packet was cut.
  const resolution = option(OPTION_TIME_RESOLUTION, Buffer.of(MICROSECONDS));
  const options = [option(OPTION_INTERFACE_NAME, Buffer.from(name)), resolution, option(OPTION_END, Buffer.alloc(0))];
  return block(INTERFACE_DESCRIPTION, Buffer.concat([link, ...options]));
}

/** The name of the interface that a block describes; undefined when it is not described as ours are. */
export function interfaceNameIn(bytes: Buffer): string | undefined {
  if (bytes.length < 20 || bytes.readUInt16LE(8) !== LINKTYPE_RAW) return undefined;
  const options = new Map(optionsIn(bytes.subarray(16, -4)));
  return options.get(OPTION_TIME_RESOLUTION)?.[0] === MICROSECONDS
    ? options.get(OPTION_INTERFACE_NAME)?.toString()
    : undefined;
}

/** Writes the block of a packet; it has room in `PACKET_BLOCK_BYTES_MAX`. @returns where the block ends */
export function writePacket(target: Buffer, start: number, packet: CapturedPacket): number {
  const { interfaceId, timeUs, direction } = packet;
  const length = DATAGRAM_HEADER_BYTES + packet.payload.length;
  const padded = (length + 3) & ~3;
  const blockBytes = PACKET_OFFSET + padded + PACKET_TRAILER_BYTES;
  target.writeUInt32LE(ENHANCED_PACKET, start);
  target.writeUInt32LE(blockBytes, start + 4);
  target.writeUInt32LE(interfaceId, start + 8);
  target.writeUInt32LE(Math.floor(timeUs / 2 ** 32), start + 12);
  target.writeUInt32LE(timeUs % 2 ** 32, start + 16);
  target.writeUInt32LE(length, start + 20);
  target.writeUInt32LE(length, start + 24);
  const end = writeDatagram(target, start + PACKET_OFFSET, packet);
  const trailer = start + PACKET_OFFSET + padded;
  target.fill(0, end, trailer);
  target.writeUInt16LE(OPTION_PACKET_FLAGS, trailer);
  target.writeUInt16LE(4, trailer + 2);
  target.writeUInt32LE(DIRECTION_FLAGS[direction], trailer + 4);
  target.writeUInt32LE(OPTION_END, trailer + 8);
  target.writeUInt32LE(blockBytes, trailer + 12);
  return start + blockBytes;
}

/** Where and when a packet was seen, without looking into the packet. */
export function sightingIn(bytes: Buffer): Pick<CapturedPacket, 'interfaceId' | 'timeUs'> {
  return {
    interfaceId: bytes.readUInt32LE(8),
    timeUs: bytes.readUInt32LE(12) * 2 ** 32 + bytes.readUInt32LE(16),
  };
}

/** Makes the block of a packet one of another interface. */
export function moveToInterface(bytes: Buffer, interfaceId: number): void {
  bytes.writeUInt32LE(interfaceId, 8);
}

/** Reads the block of a packet; undefined when it is none of ours, or damaged. */
export function readPacket(bytes: Buffer): CapturedPacket | undefined {
  if (bytes.length < PACKET_OFFSET + PACKET_TRAILER_BYTES || bytes.readUInt32LE(0) !== ENHANCED_PACKET)
    return undefined;
  const length = bytes.readUInt32LE(20);
  const trailer = PACKET_OFFSET + ((length + 3) & ~3);
  if (length !== bytes.readUInt32LE(24) || trailer + PACKET_TRAILER_BYTES !== bytes.length) return undefined;
  const datagram = readDatagram(bytes.subarray(PACKET_OFFSET, PACKET_OFFSET + length));
  const flags = new Map(optionsIn(bytes.subarray(trailer, -4))).get(OPTION_PACKET_FLAGS);
  const direction = flags?.length === 4 ? directionOf(flags.readUInt32LE(0)) : undefined;
  if (datagram === undefined || direction === undefined) return undefined;
  return { ...sightingIn(bytes), direction, ...datagram };
}

function directionOf(flags: number): Direction | undefined {
  return (['inbound', 'outbound'] as const).find((direction) => DIRECTION_FLAGS[direction] === flags);
}

function block(type: number, body: Buffer): Buffer {
  const bytes = Buffer.alloc(BLOCK_BYTES_MIN + body.length);
  bytes.writeUInt32LE(type, 0);
  bytes.writeUInt32LE(bytes.length, 4);
  bytes.set(body, 8);
  bytes.writeUInt32LE(bytes.length, bytes.length - 4);
  return bytes;
}

/** An option, with its value filled up to whole words. */
function option(code: number, value: Buffer): Buffer {
  const bytes = Buffer.alloc(4 + ((value.length + 3) & ~3));
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt16LE(value.length, 2);
  bytes.set(value, 4);
  return bytes;
}

/** The options of a block, as far as they are whole. */
function* optionsIn(bytes: Buffer): Generator<readonly [code: number, value: Buffer]> {
  for (let offset = 0; offset + 4 <= bytes.length;) {
    const code = bytes.readUInt16LE(offset);
    const end = offset + 4 + bytes.readUInt16LE(offset + 2);
    if (code === OPTION_END || end > bytes.length) return;
    yield [code, bytes.subarray(offset + 4, end)];
    offset = (end + 3) & ~3;
  }
}
