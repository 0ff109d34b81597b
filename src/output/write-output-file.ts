import { closeSync, constants, fstatSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { GumbyError, toError } from '../runtime/errors.js';

/**
 * Writes a file of an output directory, in place of the one that is there. @throws GumbyError OUTPUT_WRITE_FAILED
 * naming the file, also when it is no regular file: writing into a FIFO would wait for a reader
 */
export function writeOutputFile(file: string, content: string | Uint8Array): void {
  withOutputFile(file, (descriptor) => writeFileSync(descriptor, content));
}

/** Does the same as `writeOutputFile` for a file that is written piece by piece. @throws GumbyError OUTPUT_WRITE_FAILED */
export function withOutputFile(file: string, write: (descriptor: number) => void): void {
  orWriteFailed(file, () => {
    const descriptor = openRegular(file);
    try {
      write(descriptor);
    } finally {
      closeSync(descriptor);
    }
  });
}

/** Writes all bytes, of which the system may take only some at a time. @throws the system's error */
export function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let offset = 0; offset < bytes.length;) offset += writeSync(descriptor, bytes, offset);
}

/** Turns an error of the system about a file into one with our code and the file's name. @throws GumbyError OUTPUT_WRITE_FAILED */
export function orWriteFailed<T>(file: string, write: () => T): T {
  try {
    return write();
  } catch (cause) {
    throw writeFailed(file, cause);
  }
}

export function writeFailed(file: string, cause: unknown): GumbyError {
  return new GumbyError('OUTPUT_WRITE_FAILED', `cannot write ${file}: ${toError(cause).message}`, {
    context: { file },
    cause,
  });
}

/** Without `O_NONBLOCK` the call itself would wait for whoever reads a FIFO. */
const FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NONBLOCK;

function openRegular(file: string): number {
  let descriptor: number;
  try {
    descriptor = openSync(file, FLAGS);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENXIO') throw notRegular(error);
    throw error;
  }
  if (fstatSync(descriptor).isFile()) return descriptor;
  closeSync(descriptor);
  throw notRegular();
}

function notRegular(cause?: unknown): Error {
  return new Error('something that is no regular file has its name; move it away', { cause });
}
