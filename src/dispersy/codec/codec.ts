import type { Reader } from './reader.js';
import type { Writer } from './writer.js';

/**
 * A field or a whole payload on the wire. `read` never throws: it fails the reader. `write` may throw `RangeError` or
 * `TypeError`, because what it gets comes from our own code.
 */
export interface Codec<T> {
  write(writer: Writer, value: T): void;
  read(reader: Reader): T;
}

/** The type of the values that a codec carries. */
export type CodecValue<C> = C extends Codec<infer T> ? T : never;
