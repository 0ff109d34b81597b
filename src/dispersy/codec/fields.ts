import type { Codec } from './codec.js';

/** One byte. */
export const uint8: Codec<number> = {
  write: (writer, value) => writer.uint8(value),
  read: (reader) => reader.uint8(),
};

/** Two bytes, big-endian like everything on the wire. */
export const uint16: Codec<number> = {
  write: (writer, value) => writer.uint16(value),
  read: (reader) => reader.uint16(),
};

/** Four bytes. */
export const uint32: Codec<number> = {
  write: (writer, value) => writer.uint32(value),
  read: (reader) => reader.uint32(),
};

/** Eight bytes, more than a `number` holds exactly. */
export const uint64: Codec<bigint> = {
  write: (writer, value) => writer.uint64(value),
  read: (reader) => reader.uint64(),
};

/** Exactly `length` bytes. Reading gives a view of the packet. */
export function bytes(length: number): Codec<Buffer> {
  return {
    write(writer, value) {
      if (value.length !== length) throw new RangeError(`expected ${length} bytes, got ${value.length}`);
      writer.bytes(value);
    },
    read: (reader) => reader.bytes(length),
  };
}

/** Up to 65,535 bytes, led by their number in two bytes. */
export const varbytes: Codec<Buffer> = {
  write(writer, value) {
    writer.uint16(value.length);
    writer.bytes(value);
  },
  read: (reader) => reader.bytes(reader.uint16()),
};

/** All bytes that are left; it can only be the last field. */
export const rest: Codec<Buffer> = {
  write: (writer, value) => writer.bytes(value),
  read: (reader) => reader.bytes(reader.remaining),
};

/** Text of up to 65,535 bytes of UTF-8, led by their number in two bytes. */
export const utf8: Codec<string> = {
  write: (writer, value) => varbytes.write(writer, Buffer.from(value, 'utf8')),
  read(reader) {
    const raw = varbytes.read(reader);
    const text = raw.toString('utf8');
    // Bytes that are not UTF-8 become U+FFFD, which may also be a character of the text itself.
    if (text.includes('\ufffd') && !Buffer.from(text, 'utf8').equals(raw)) reader.fail('text is not UTF-8');
    return text;
  },
};
