import { join } from 'node:path';
import { inOrder } from '../in-order.js';
import { linesOf } from '../lines.js';
import { mergeParts } from '../merge-parts.js';
import {
  comesBeforeInTrace,
  parseTraceLine,
  TRACE_FILE,
  TRACE_HEADER,
  type TraceEvent,
  tracePartFile,
} from './trace-line.js';

interface Entry {
  readonly line: string;
  readonly event: TraceEvent;
}

const BATCH_CHARS = 1 << 18;

/**
 * Makes one trace of the threads' parts, in the order in which events happen, which does not depend on the number of
 * threads; and removes the parts. A line that was cut off – its thread died over it – is left out.
 * @throws GumbyError OUTPUT_WRITE_FAILED
 */
export function mergeTrace(outputDir: string, hostCount: number): void {
  const parts = Array.from({ length: hostCount }, (_, host) => join(outputDir, tracePartFile(host)));
  mergeParts(join(outputDir, TRACE_FILE), parts, merged);
}

function* merged(parts: readonly string[]): Generator<Buffer> {
  let text = `${TRACE_HEADER}\n`;
  const entries = inOrder(parts.map(entriesOf), (one, other) => comesBeforeInTrace(one.event, other.event));
  for (const { line } of entries) {
    text += `${line}\n`;
    if (text.length < BATCH_CHARS) continue;
    yield Buffer.from(text);
    text = '';
  }
  yield Buffer.from(text);
}

function* entriesOf(part: string): Generator<Entry> {
  for (const line of linesOf(part, () => {})) {
    const event = parseTraceLine(line);
    if (event !== undefined) yield { line, event };
  }
}
