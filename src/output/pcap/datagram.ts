/** A UDP datagram in an IPv4 packet (RFC 768, RFC 791), as a wire would carry it. */
export interface Datagram {
  readonly source: SocketAddress;
  readonly destination: SocketAddress;
  readonly payload: Uint8Array;
}

/** An IPv4 address in its usual form, and a UDP port. */
export interface SocketAddress {
  readonly host: string;
  readonly port: number;
}

const IP_HEADER_BYTES = 20;
const UDP_HEADER_BYTES = 8;
/** How much longer a packet is than its payload. */
export const DATAGRAM_HEADER_BYTES = IP_HEADER_BYTES + UDP_HEADER_BYTES;
/** Version 4, and a header of five words. */
const VERSION_AND_LENGTH = 0x45;
/** No packet is in fragments, so that none needs a number (RFC 6864). */
const DO_NOT_FRAGMENT = 0x4000;
/** What most systems begin with. */
const TIME_TO_LIVE = 64;
const PROTOCOL_UDP = 17;

/** Writes a packet with its headers, their lengths and checksums. @returns where the packet ends */
export function writeDatagram(target: Buffer, start: number, { source, destination, payload }: Datagram): number {
  const udp = start + IP_HEADER_BYTES;
  const udpBytes = UDP_HEADER_BYTES + payload.length;
  const end = udp + udpBytes;
  target.writeUInt16BE(VERSION_AND_LENGTH << 8, start);
  target.writeUInt16BE(IP_HEADER_BYTES + udpBytes, start + 2);
  target.writeUInt16BE(0, start + 4);
  target.writeUInt16BE(DO_NOT_FRAGMENT, start + 6);
  target.writeUInt16BE((TIME_TO_LIVE << 8) | PROTOCOL_UDP, start + 8);
  target.writeUInt16BE(0, start + 10);
  writeHost(target, start + 12, source.host);
  writeHost(target, start + 16, destination.host);
  target.writeUInt16BE(checksumOf(sumOf(target, start, udp)), start + 10);
  target.writeUInt16BE(source.port, udp);
  target.writeUInt16BE(destination.port, udp + 2);
  target.writeUInt16BE(udpBytes, udp + 4);
  target.writeUInt16BE(0, udp + 6);
  target.set(payload, udp + UDP_HEADER_BYTES);
  // A checksum of 0 would say that there is none: all ones means the same number.
  target.writeUInt16BE(checksumOf(udpSumOf(target, start, end)) || 0xffff, udp + 6);
  return end;
}

/** Reads a packet; undefined when it is none, or one that is damaged. */
export function readDatagram(packet: Buffer): Datagram | undefined {
  const { length } = packet;
  if (length < DATAGRAM_HEADER_BYTES || packet[0] !== VERSION_AND_LENGTH || packet[9] !== PROTOCOL_UDP)
    return undefined;
  if (packet.readUInt16BE(2) !== length || packet.readUInt16BE(IP_HEADER_BYTES + 4) !== length - IP_HEADER_BYTES)
    return undefined;
  // With its checksum in it, whatever is whole sums up to all ones.
  if (checksumOf(sumOf(packet, 0, IP_HEADER_BYTES)) !== 0 || checksumOf(udpSumOf(packet, 0, length)) !== 0)
    return undefined;
  return {
    source: { host: readHost(packet, 12), port: packet.readUInt16BE(IP_HEADER_BYTES) },
    destination: { host: readHost(packet, 16), port: packet.readUInt16BE(IP_HEADER_BYTES + 2) },
    payload: packet.subarray(DATAGRAM_HEADER_BYTES),
  };
}

/** The text is walked through by hand: to split it would take longer than everything else in a packet. */
function writeHost(target: Buffer, offset: number, host: string): void {
  let byte = 0;
  let at = offset;
  for (let index = 0; index < host.length; index++) {
    const code = host.charCodeAt(index);
    if (code === DOT) {
      target[at++] = byte;
      byte = 0;
    } else byte = 10 * byte + code - ZERO;
  }
  target[at] = byte;
}

const DOT = '.'.charCodeAt(0);
const ZERO = '0'.charCodeAt(0);

function readHost(packet: Buffer, offset: number): string {
  return packet.subarray(offset, offset + 4).join('.');
}

/** The sum for UDP's checksum, over what UDP takes from the header before it as well. */
function udpSumOf(bytes: Buffer, start: number, end: number): number {
  const udp = start + IP_HEADER_BYTES;
  return sumOf(bytes, start + 12, udp) + PROTOCOL_UDP + (end - udp) + sumOf(bytes, udp, end);
}

/** The sum of all words of 16 bits; a last byte is the first half of one. */
function sumOf(bytes: Buffer, start: number, end: number): number {
  let sum = 0;
  let index = start;
  for (; index + 1 < end; index += 2) sum += ((bytes[index] as number) << 8) | (bytes[index + 1] as number);
  return index < end ? sum + ((bytes[index] as number) << 8) : sum;
}

/** The complement of a sum in which carries have come round (RFC 1071). */
function checksumOf(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + (folded >>> 16);
  return ~folded & 0xffff;
}
