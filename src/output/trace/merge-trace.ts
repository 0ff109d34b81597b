import { existsSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { linesOf } from '../lines.js';
import { orWriteFailed, withOutputFile } from '../write-output-file.js';
import {
  comesBeforeInTrace,
  parseTraceLine,
  TRACE_FILE,
  TRACE_HEADER,
  type TraceEvent,
  tracePartFile,
} from './trace-line.js';

interface Part {
  readonly lines: Generator<string>;
  line: string;
  event: TraceEvent;
}

const WRITE_CHARS = 1 << 18;

/**
 * Makes one trace of the threads' parts, in the order in which events happen, which does not depend on the number of
 * threads; and removes the parts. A line that was cut off – its thread died over it – is left out.
 * @throws GumbyError OUTPUT_WRITE_FAILED
 */
export function mergeTrace(outputDir: string, hostCount: number): void {
  const files = Array.from({ length: hostCount }, (_, host) => join(outputDir, tracePartFile(host))).filter((file) =>
    existsSync(file),
  );
  const file = join(outputDir, TRACE_FILE);
  withOutputFile(file, (descriptor) => {
    let text = `${TRACE_HEADER}\n`;
    const write = () => {
      const bytes = Buffer.from(text);
      text = '';
      for (let offset = 0; offset < bytes.length;) offset += writeSync(descriptor, bytes, offset);
    };
    for (const line of mergedLines(files)) {
      text += `${line}\n`;
      if (text.length >= WRITE_CHARS) write();
    }
    write();
  });
  orWriteFailed(file, () => {
    for (const part of files) rmSync(part);
  });
}

function* mergedLines(files: readonly string[]): Generator<string> {
  const parts = files.flatMap((file) => {
    const part = nextOf({ lines: linesOf(file, () => {}) });
    return part === undefined ? [] : [part];
  });
  while (parts.length > 0) {
    let first = 0;
    for (let index = 1; index < parts.length; index++)
      if (comesBeforeInTrace((parts[index] as Part).event, (parts[first] as Part).event)) first = index;
    const part = parts[first] as Part;
    yield part.line;
    const next = nextOf(part);
    if (next === undefined) parts.splice(first, 1);
    else parts[first] = next;
  }
}

function nextOf({ lines }: Pick<Part, 'lines'>): Part | undefined {
  for (let next = lines.next(); next.done !== true; next = lines.next()) {
    const event = parseTraceLine(next.value);
    if (event !== undefined) return { lines, line: next.value, event };
  }
  return undefined;
}
