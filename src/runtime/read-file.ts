import { closeSync, constants, openSync, readSync, statSync } from 'node:fs';

/** Why a file that somebody named is not read; a clause whose subject is the file: "it is a directory". */
export interface FileProblem {
  readonly ok: false;
  readonly message: string;
  /** The path leads nowhere: another place may be tried. */
  readonly missing?: boolean;
  /** The error of the system, if there was one. */
  readonly cause?: Error;
}

export type FileResult = { readonly ok: true; readonly bytes: Buffer } | FileProblem;

/** Files that people write are far smaller: a larger file was named by mistake, and is refused before it fills the memory. */
export const WRITTEN_BYTES_MAX = 64 * 1024 * 1024;

/** What keeps a file from being read as a whole. The file is not opened to find this out, because opening a pipe may never end. */
export function fileProblem(file: string, bytesMax = WRITTEN_BYTES_MAX): FileProblem | undefined {
  try {
    const stats = statSync(file);
    if (stats.isDirectory()) return problem('it is a directory');
    if (!stats.isFile()) return problem('it is no regular file');
    return stats.size > bytesMax ? problem(tooLarge(bytesMax)) : undefined;
  } catch (error) {
    return problemOf(error);
  }
}

/** Reads a regular file of a sane size. Neither a pipe, nor a device, nor a file that grows meanwhile makes it go on for ever. */
export function readRegularFile(file: string, bytesMax = WRITTEN_BYTES_MAX): FileResult {
  const found = fileProblem(file, bytesMax);
  if (found !== undefined) return found;
  try {
    // The file is opened without blocking: a pipe may have taken its place since.
    const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return readUpTo(descriptor, bytesMax);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    return problemOf(error);
  }
}

const PIECE_BYTES = 1 << 20;

function readUpTo(descriptor: number, bytesMax: number): FileResult {
  const pieces: Buffer[] = [];
  for (let total = 0; total <= bytesMax;) {
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    const length = readSync(descriptor, piece);
    if (length === 0) return { ok: true, bytes: Buffer.concat(pieces) };
    pieces.push(piece.subarray(0, length));
    total += length;
  }
  return problem(tooLarge(bytesMax));
}

function tooLarge(bytesMax: number): string {
  return `it is larger than ${bytesMax / 1024 / 1024} MiB`;
}

function problemOf(error: unknown): FileProblem {
  const cause = error as NodeJS.ErrnoException;
  const { code = '', message } = cause;
  if (code === 'ENOENT' || code === 'ENOTDIR') return { ...problem('it is not there'), missing: true, cause };
  return { ...problem(code === 'EACCES' ? 'it may not be read' : message), cause };
}

function problem(message: string): FileProblem {
  return { ok: false, message };
}
