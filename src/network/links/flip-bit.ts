/** A copy of a packet in which one bit is wrong. @param bit - its number, from 0 */
export function withFlippedBit(packet: Uint8Array, bit: number): Buffer {
  const copy = Buffer.from(packet);
  copy.writeUInt8(copy.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
  return copy;
}
