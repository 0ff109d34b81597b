import { Writable } from 'node:stream';

/** A stream that hands over every chunk at once. */
export function writableTo(write: (chunk: string | Uint8Array) => void): Writable {
  return new Writable({
    decodeStrings: false,
    write(chunk: string | Uint8Array, encoding, done) {
      write(typeof chunk === 'string' && encoding !== 'utf8' ? Buffer.from(chunk, encoding) : chunk);
      done();
    },
  });
}
