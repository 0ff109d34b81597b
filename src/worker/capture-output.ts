import { openSync, writeSync } from 'node:fs';
import { Writable } from 'node:stream';

export interface CapturedOutput {
  print(line: string): void;
  printError(line: string): void;
}

export interface CaptureOutputInit {
  readonly stdoutFile: string;
  readonly stderrFile: string;
  /** Told once for each file that cannot be written, e.g. because the disk is full. */
  readonly onWriteError: (file: string, error: Error) => void;
}

/**
 * Sends everything that this thread prints – `console.*`, `process.stdout`, `process.stderr` – to two files, each write at
 * once and in order. A worker's own streams go through the main thread: what they hold is lost when the thread dies, and
 * grows without bound while the thread never yields.
 */
export function captureOutput(init: CaptureOutputInit): CapturedOutput {
  const stdout = fileWriter(init.stdoutFile, init.onWriteError);
  const stderr = fileWriter(init.stderrFile, init.onWriteError);
  replaceStream('stdout', stdout);
  replaceStream('stderr', stderr);
  return {
    print: (line) => stdout(`${line}\n`),
    printError: (line) => stderr(`${line}\n`),
  };
}

/** Drops what this thread prints: for threads that only look at code. */
export function discardOutput(): void {
  replaceStream('stdout', () => {});
  replaceStream('stderr', () => {});
}

type Write = (chunk: string | Uint8Array) => void;

function fileWriter(path: string, onWriteError: CaptureOutputInit['onWriteError']): Write {
  let failed = false;
  let descriptor: number | undefined;
  return (chunk) => {
    if (failed) return;
    try {
      descriptor ??= openSync(path, 'a');
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      for (let offset = 0; offset < bytes.length;) offset += writeSync(descriptor, bytes, offset);
    } catch (error) {
      failed = true;
      onWriteError(path, error as Error);
    }
  };
}

function replaceStream(name: 'stdout' | 'stderr', write: Write): void {
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string | Uint8Array, encoding, done) {
      write(typeof chunk === 'string' && encoding !== 'utf8' ? Buffer.from(chunk, encoding) : chunk);
      done();
    },
  });
  Object.defineProperty(process, name, { value: stream, configurable: true, enumerable: true, writable: true });
}
