import { existsSync, rmSync } from 'node:fs';
import { orWriteFailed, withOutputFile, writeAll } from './write-output-file.js';

/**
 * Makes one file of the parts that threads have written, and removes the parts. A thread that had nothing to write has no
 * part. When the file cannot be written, on a full disk say, the parts stay in its place.
 * @param merge - reads the parts, and hands on the file piece by piece
 * @throws GumbyError OUTPUT_WRITE_FAILED
 */
export function mergeParts(
  file: string,
  parts: readonly string[],
  merge: (parts: readonly string[]) => Iterable<Uint8Array>,
): void {
  const written = parts.filter((part) => existsSync(part));
  withOutputFile(file, (descriptor) => {
    try {
      for (const piece of merge(written)) writeAll(descriptor, piece);
    } catch (error) {
      rmSync(file);
      throw error;
    }
  });
  orWriteFailed(file, () => {
    for (const part of written) rmSync(part);
  });
}
